import { describe, expect, it } from '@jest/globals';
import { consumer, run } from './packed.js';
import { packagesToInstall } from './readme-steps.js';

const MINUTES = 60_000;

describe('the line of the README that installs the package', () => {
  it.each([
    ['nest11-commonjs', '{"name":"CommonJS"}'],
    ['nest12-esm', '{"name":"ESM"}'],
  ])(
    'is all that %s needs to compile and run, and leaves no problem that npm ls reports',
    async (name, printed) => {
      const folder = await consumer(name, ...packagesToInstall());
      await run(folder, 'npm', 'ls', '--omit=dev', '--all');
      await run(folder, 'npx', 'tsc', '-p', '.');
      const output = await run(folder, 'node', 'dist/main.js');
      expect(output.trim()).toBe(printed);
    },
    5 * MINUTES,
  );
});
