/** Settings of all runs. Tests that need more than Node, a browser or the registry, have separate runs. */
export const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  // Long enough for a busy machine; a test that passes does not take that long.
  testTimeout: 60_000,
  // Jest never frees the ES modules of a test file, and every file loads Nest anew: in one process
  // for all files that is 4 GB. A worker is replaced when it holds more than this.
  workerIdleMemoryLimit: '700MB',
  maxWorkers: '100%',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/sample/dist'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^nestjs-pusher-channels$': '<rootDir>/lib/index.ts',
    '^nestjs-pusher-channels/client$': '<rootDir>/lib/client/index.ts',
    '^nestjs-pusher-channels/redis$': '<rootDir>/lib/redis/index.ts',
    '^nestjs-pusher-channels/testing$': '<rootDir>/lib/testing/index.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: true,
          },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default {
  ...base,
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/browser/',
    '<rootDir>/test/package/',
    '<rootDir>/test/servers/',
    '<rootDir>/test/runtimes/',
    '<rootDir>/test/services/',
  ],
};
