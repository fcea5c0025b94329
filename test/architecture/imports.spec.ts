import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const LIB = join(import.meta.dirname, '../../lib');

/** Level of each folder and top-level file of lib/: imports point to a lower level or stay inside. */
const LEVELS: Readonly<Record<string, number>> = {
  errors: 0,
  runtime: 0,
  protocol: 1,
  options: 2,
  crypto: 2,
  discovery: 2,
  http: 3,
  publishing: 4,
  trigger: 5,
  queries: 5,
  auth: 5,
  webhooks: 5,
  broadcast: 5,
  'pusher.service.ts': 6,
  module: 7,
  'index.ts': 8,
  testing: 9,
};

interface Import {
  from: string;
  to: string;
}

const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(LIB, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, specifier = '']) => ({
    from: file,
    to: relative(LIB, join(LIB, dirname(file), specifier.replace(/\.js$/, '.ts'))),
  }));
}

/** The files at the top that know every folder. */
const WIRING =
  /^(?:app-connection|pusher-app\.providers|pusher-core\.module|pusher\.module.*|pusher\.tokens)\.ts$/;

/** The folder, `module` for the wiring, or the top-level file with its companions. */
function placeOf(file: string): string {
  const [first = ''] = file.split('/');
  if (WIRING.test(first)) return 'module';
  return first.startsWith('pusher.service') ? 'pusher.service.ts' : first;
}

function isDownhill({ from, to }: Import): boolean {
  const [source, target] = [placeOf(from), placeOf(to)];
  if (source === target) return true;
  if (target === 'testing') return false;
  if (from.startsWith('testing/server/')) return target === 'protocol';
  return (LEVELS[target] ?? Infinity) < (LEVELS[source] ?? -1);
}

describe('imports', () => {
  it('finds the files', () => expect(files.length).toBeGreaterThan(20));

  it('knows the level of every file', () => {
    expect([...new Set(files.map(placeOf))].filter((place) => !(place in LEVELS))).toEqual([]);
  });

  it('point downhill, never sideways, never up', () => {
    const wrong = files.flatMap(importsOf).filter((found) => !isDownhill(found));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it.each([
    ['errors/a.ts', 'protocol/b.ts', false],
    ['options/a.ts', 'crypto/b.ts', false],
    ['auth/a.ts', 'http/b.ts', true],
    ['http/a.ts', 'http/b.ts', true],
    ['index.ts', 'testing/index.ts', false],
    ['testing/server/a.ts', 'crypto/b.ts', false],
    ['testing/server/a.ts', 'protocol/b.ts', true],
    ['testing/fake.ts', 'pusher.service.ts', true],
  ])('%s may import %s: %s', (from, to, allowed) => {
    expect(isDownhill({ from, to })).toBe(allowed);
  });
});
