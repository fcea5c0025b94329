import { base } from './jest.config.mjs';

/** Against other servers, which must be installed: redis-server, nginx and tinyproxy. */
export default { ...base, testMatch: ['<rootDir>/test/services/**/*.spec.ts'] };
