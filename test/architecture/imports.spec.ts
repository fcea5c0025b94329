import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cyclesOf } from './cycles.js';
import { FILES, importsOf, type Import, ROOT, textOf } from './source-files.js';

/** Level of each folder and top-level file of lib/: imports point to a lower level or stay inside. */
const LEVELS: Readonly<Record<string, number>> = {
  errors: 0,
  events: 0,
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
  client: 8,
  redis: 8,
  testing: 9,
};

/** The files at the top that know every folder. */
const WIRING =
  /^(?:app-connection|pusher-app\.providers|pusher-core\.module|pusher\.module.*|pusher\.tokens|shutdown)\.ts$/;

/** The folder, `module` for the wiring, or the top-level file with its companions. */
function placeOf(file: string): string {
  const [first = ''] = file.split('/');
  if (WIRING.test(first)) return 'module';
  return first.startsWith('pusher.service') ? 'pusher.service.ts' : first;
}

function isDownhill({ from, to }: Import): boolean {
  const [source, target] = [placeOf(from), placeOf(to)];
  if (source === target) return true;
  if (target === 'testing' || target === 'client') return false;
  // It runs in browsers, which have nothing of Node and Nest.
  if (source === 'client') return target === 'events';
  // Its own code verifies, except that it takes timers and clock from the same place.
  if (from.startsWith('testing/server/')) return target === 'protocol' || to === 'runtime/clock.ts';
  return (LEVELS[target] ?? Infinity) < (LEVELS[source] ?? -1);
}

describe('the import rule', () => {
  it('knows the level of every file', () => {
    expect(FILES.length).toBeGreaterThan(20);
    expect([...new Set(FILES.map(placeOf))].filter((place) => !(place in LEVELS))).toEqual([]);
  });

  it('finds no import that points sideways or up', () => {
    const wrong = FILES.flatMap(importsOf).filter((found) => !isDownhill(found));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('finds no import of a file that does not exist', () => {
    const wrong = FILES.flatMap(importsOf).filter(({ to }) => !FILES.includes(to));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('finds no benchmark that imports a file of the build that no longer exists', () => {
    const bench = join(ROOT, 'bench');
    const scripts = readdirSync(bench, { recursive: true, encoding: 'utf8' });
    const imported = scripts
      .filter((file) => file.endsWith('.mjs'))
      .flatMap((file) => [
        ...readFileSync(join(bench, file), 'utf8').matchAll(/'(?:\.\.\/)+dist\/esm\/([^']+)\.js'/g),
      ])
      .map(([, file = '']) => `${file}.ts`);
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((file) => !FILES.includes(file))).toEqual([]);
  });

  it('finds no file that logs past LineLogger, whose lines cannot be forged', () => {
    const own = FILES.filter((file) => !/^(?:testing\/|errors\/line-logger)/.test(file));
    expect(own.filter((file) => /\bnew Logger\(/.test(textOf(file)))).toEqual([]);
  });

  it('finds no files that import one another, not even types', () => {
    expect(cyclesOf(FILES.flatMap(importsOf))).toEqual([]);
  });

  it.each([
    ['errors/a.ts', 'protocol/b.ts', false],
    ['options/a.ts', 'crypto/b.ts', false],
    ['auth/a.ts', 'http/b.ts', true],
    ['http/a.ts', 'http/b.ts', true],
    ['index.ts', 'testing/index.ts', false],
    ['testing/server/a.ts', 'crypto/b.ts', false],
    ['testing/server/a.ts', 'protocol/b.ts', true],
    ['testing/server/a.ts', 'runtime/clock.ts', true],
    ['testing/server/a.ts', 'runtime/secret.ts', false],
    ['testing/fake.ts', 'pusher.service.ts', true],
  ])('decides whether %s may import %s: %s', (from, to, allowed) => {
    expect(isDownhill({ from, to })).toBe(allowed);
  });

  it.each([
    ['a file that imports itself', ['a→a'], ['a → a']],
    ['two files', ['a→b', 'b→a', 'b→c'], ['b → a → b']],
    ['a long way round', ['a→b', 'b→c', 'c→d', 'd→b'], ['b → c → d → b']],
    ['two separate groups', ['a→b', 'b→a', 'c→d', 'd→c', 'a→c'], ['d → c → d', 'b → a → b']],
    ['no files, in a diamond', ['a→b', 'a→c', 'b→d', 'c→d'], []],
  ])('recognizes a circle of %s', (_, arrows, cycles) => {
    const imports = arrows.map((arrow) => {
      const [from = '', to = ''] = arrow.split('→');
      return { from, to };
    });
    expect(cyclesOf(imports).map(normalized)).toEqual(cycles.map(normalized));
  });
});

/** A cycle as it reads from its first file in alphabetical order. */
function normalized(cycle: string): string {
  const files = cycle.split(' → ').slice(1);
  const first = files.indexOf(files.toSorted()[0] ?? '');
  const turned = [...files.slice(first), ...files.slice(0, first)];
  return [...turned, turned[0]].join(' → ');
}
