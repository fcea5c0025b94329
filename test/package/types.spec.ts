import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TARBALL, consumer, run } from './packed.js';

const MINUTE = 60_000;

/** The same source and settings for both applications, which differ in what Nest allows. */
const SHARED = join(import.meta.dirname, 'apps/nest11-types');

describe.each([
  // Nest 11 consists of CommonJS, in which `verbatimModuleSyntax` does not allow `import`.
  [
    'nest11-types',
    [
      ['nodenext', 'nodenext'],
      ['node16', 'node16'],
      ['commonjs', 'node10'],
      ['preserve', 'bundler', '--verbatimModuleSyntax'],
    ],
  ],
  // Nest 12 consists of ES modules, which the resolutions for CommonJS do not find, or refuse.
  [
    'nest12-types',
    [
      ['nodenext', 'nodenext', '--verbatimModuleSyntax'],
      ['node16', 'node16', '--verbatimModuleSyntax'],
      ['esnext', 'bundler', '--verbatimModuleSyntax'],
    ],
  ],
])('the types of every entry point in %s', (name, settings) => {
  let folder = '';
  beforeAll(async () => {
    folder = await consumer(name, TARBALL);
    for (const file of ['src', 'tsconfig.json'])
      cpSync(join(SHARED, file), join(folder, file), { recursive: true });
  }, 3 * MINUTE);

  it.each(settings)(
    'compile without skipLibCheck: module %s, moduleResolution %s %s',
    async (module, moduleResolution, ...flags) => {
      const options = ['--module', module, '--moduleResolution', moduleResolution, ...flags];
      await expect(run(folder, 'npx', 'tsc', '-p', '.', ...options)).resolves.toBe('');
    },
    MINUTE,
  );
});
