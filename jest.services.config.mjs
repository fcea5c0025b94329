import { base } from './jest.config.mjs';

/** Against other servers, which must be installed: redis-server, postgresql, nginx and tinyproxy. */
export default { ...base, testMatch: ['<rootDir>/test/services/**/*.spec.ts'] };
