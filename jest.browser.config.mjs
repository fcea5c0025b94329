import { base } from './jest.config.mjs';

/** Pages in a real Chromium, which has to be installed: `command -v chromium`. */
export default { ...base, testMatch: ['<rootDir>/test/browser/**/*.spec.ts'] };
