import { base } from './jest.config.mjs';

/** The packed tarball, installed in applications. Needs the npm registry. */
export default {
  ...base,
  globalSetup: '<rootDir>/test/package/pack-once.mjs',
  testMatch: ['<rootDir>/test/package/**/*.spec.ts'],
};
