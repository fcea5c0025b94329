import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { LIBRARY } from '../../../../lib/http/transport/request-headers.js';

it('names the library with the version of the package', () => {
  const { name, version } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'),
  ) as { name: string; version: string };
  expect(LIBRARY).toBe(`${name} ${version}`);
});
