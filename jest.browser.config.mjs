import { base } from './jest.config.mjs';

/** Pages in Chromium, which must be installed: `command -v chromium`. */
export default { ...base, testMatch: ['<rootDir>/test/browser/**/*.spec.ts'] };
