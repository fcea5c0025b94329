import { base } from './jest.config.mjs';

/** Against servers that have to be built first. `npm run test:servers` says which are missing. */
export default { ...base, testMatch: ['<rootDir>/test/servers/**/*.spec.ts'] };
