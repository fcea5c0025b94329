import { base } from './jest.config.mjs';

/** The packed tarball, installed in applications. Needs the npm registry. */
export default { ...base, testMatch: ['<rootDir>/test/package/**/*.spec.ts'] };
