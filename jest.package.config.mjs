import { base } from './jest.config.mjs';

/** The packed tarball, installed in applications. Needs the npm registry. */
export default {
  ...base,
  globalSetup: '<rootDir>/test/package/pack-once.mjs',
  // Not those of the applications in `apps/`: they run there.
  testMatch: ['<rootDir>/test/package/*.spec.ts'],
};
