import { base } from './jest.config.mjs';

/** The packed tarball in applications that install it. Needs the npm registry. */
export default { ...base, testMatch: ['<rootDir>/test/package/**/*.spec.ts'] };
