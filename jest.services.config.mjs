import { base } from './jest.config.mjs';

/** Against other servers, which must be installed: `command -v redis-server`. */
export default { ...base, testMatch: ['<rootDir>/test/services/**/*.spec.ts'] };
