import { readFileSync, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = 'lib/testing';
const files = ['server', 'cli'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, folder, name)),
);

/** What a file may import: itself, the names of the protocol, what Node has (the clock), and `ws`. */
const ALLOWED =
  /^(?:node:[a-z/]+|ws|lib\/testing\/(?:server|cli)\/.+|lib\/testing\/sign-webhook\.js|lib\/protocol\/.+|lib\/runtime\/clock\.js)$/;

it.each([...files, `${ROOT}/sign-webhook.ts`, `${ROOT}/manual-clock.ts`])(
  '%s shares no code with the library that it tests',
  (file) => {
    const imports = readFileSync(file, 'utf8').matchAll(/(?:\bfrom |import\()'([^'\n]+)'/g);
    const resolved = [...imports].map(([, name = '']) =>
      name.startsWith('.') ? normalize(join(file, '..', name)) : name,
    );
    expect(resolved.filter((name) => !ALLOWED.test(name))).toEqual([]);
  },
);
