import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT, consumer, pack, run } from './packed.js';

const MINUTES = 60_000;

describe('the packed tarball', () => {
  let tarball = '';

  beforeAll(async () => {
    tarball = await pack();
  }, 3 * MINUTES);

  it(
    'passes publint',
    async () => {
      await expect(run(ROOT, 'npx', 'publint', '--strict', tarball)).resolves.toContain('good');
    },
    MINUTES,
  );

  it(
    'has types that every module resolution finds',
    async () => {
      await run(ROOT, 'npx', 'attw', tarball);
    },
    MINUTES,
  );

  it(
    'contains only what is published',
    async () => {
      const files = (await run(ROOT, 'tar', '-tzf', tarball)).trim().split('\n');
      const outside = files.filter((file) => !file.startsWith('package/dist/'));
      expect(outside.toSorted()).toEqual([
        'package/CHANGELOG.md',
        'package/LICENSE',
        'package/README.md',
        'package/SECURITY.md',
        'package/package.json',
      ]);
    },
    MINUTES,
  );

  it.each([
    ['nest11-commonjs', '{"name":"CommonJS"}'],
    ['nest12-esm', '{"name":"ESM"}'],
  ])(
    'can be installed, compiled and run in %s',
    async (name, printed) => {
      const folder = await consumer(name, tarball);
      await run(folder, 'npx', 'tsc', '-p', '.');
      const output = await run(folder, 'node', 'dist/main.js');
      expect(output.trim()).toBe(printed);
    },
    5 * MINUTES,
  );
});
