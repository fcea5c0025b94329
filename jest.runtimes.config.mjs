import { base } from './jest.config.mjs';

/** The packed tarball in the runtimes of compat/runtimes, which must be installed. */
export default {
  ...base,
  globalSetup: '<rootDir>/test/package/pack-once.mjs',
  testMatch: ['<rootDir>/test/runtimes/**/*.spec.ts'],
};
