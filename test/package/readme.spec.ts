import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import { LIMITS } from '../../lib/protocol/limits.js';
import { anchorsOf, codeBlocksOf, linksOf, pagesOf } from './code-blocks.js';
import { ROOT, TARBALL, compilerErrors, consumer, run } from './packed.js';

const MINUTES = 60_000;
const PAGES = pagesOf(ROOT);
/** Those of the README are parts of one application, which first-hour.spec.ts builds. */
const BLOCKS = PAGES.filter((page) => page !== 'README.md')
  .flatMap((page) => codeBlocksOf(ROOT, page))
  .filter(({ mark }) => mark !== 'fragment');
const PROGRAMS = BLOCKS.filter(({ mark }) => mark === 'run');

describe('the code in the guides', () => {
  let folder = '';
  let errors: string[] = [];

  beforeAll(async () => {
    folder = await consumer('nest12-readme', TARBALL);
    mkdirSync(join(folder, 'src'));
    for (const { name, code } of BLOCKS) writeFileSync(join(folder, 'src', `${name}.ts`), code);
    errors = await compilerErrors(folder);
  }, 5 * MINUTES);

  it('has a distinct file name for each block', () => {
    expect(new Set(BLOCKS.map(({ name }) => name)).size).toBe(BLOCKS.length);
  });

  it.each(BLOCKS)('compiles in strict mode: $name', ({ name }) => {
    expect(errors.filter((line) => line.startsWith(`src/${name}.ts`))).toEqual([]);
  });

  it('compiles without any other error', () => {
    expect(errors).toEqual([]);
  });

  it.each(PROGRAMS)(
    'runs to its end: $name',
    async ({ name, code }) => {
      const output = await run(folder, 'node', `dist/${name}.js`);
      for (const said of promisesOf(code)) expect(output).toContain(said);
    },
    MINUTES,
  );
});

describe('documentation', () => {
  it('CONTRIBUTING.md, which is not packed, links only to existing files and headings', () => {
    const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
    const dead = linksOf(text('CONTRIBUTING.md')).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? 'CONTRIBUTING.md' : path;
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(text(file)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it.each([
    ['docs/options.md', 'lib/options/pusher-module-options.ts', /^ {2}(\w+)(?:\?:|:| =)/gm],
    ['docs/options.md', 'lib/options/retry.options.ts', /^ {2}(\w+)(?:\?:|:| =)/gm],
    ['docs/options.md', 'lib/options/batching.options.ts', /^ {2}(\w+)(?:\?:|:| =)/gm],
    ['docs/options.md', 'lib/options/webhook.options.ts', /^ {2}(\w+)(?:\?:|:| =)/gm],
    ['docs/options.md', 'lib/options/http.options.ts', /^ {2}(\w+)(?:\?:|:| =)/gm],
    ['docs/options.md', 'lib/options/environment.ts', /'(PUSHER_\w+)'/g],
    ['docs/options.md', 'lib/protocol/limits.ts', /^ {2}(max\w+):/gm],
    ['docs/testing.md', 'lib/testing/server/options.ts', /^ {2}(\w+)(?::| = ).*;$/gm],
    ['docs/testing.md', 'lib/testing/server/api/faults.ts', /^ {2}(\w+)\?:/gm],
    ['docs/channel-rules.md', 'lib/auth/endpoint/pusher-auth.controller.ts', /^ {2}(\w+)\?[:(]/gm],
    ['docs/webhooks.md', 'lib/webhooks/endpoint/pusher-webhook.controller.ts', /^ {2}(\w+)\?:/gm],
    ['docs/webhooks.md', 'lib/webhooks/webhook-event.ts', /^ {2}(\w+): \w+Event(?:;|Of<)/gm],
    ['docs/reliability.md', 'lib/errors/error-code.ts', /'(PUSHER_\w+)'/g],
  ])('%s documents everything in %s', (page, source, pattern) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const names = [...readFileSync(join(ROOT, source), 'utf8').matchAll(pattern)];
    expect(names.length).toBeGreaterThan(1);
    const missing = names.map(([, name = '']) => name).filter((name) => !mentions(text, name));
    expect(missing).toEqual([]);
  });

  it('docs/options.md states the actual limits', () => {
    const { pusher, soketi, sockudo, reverb } = LIMITS;
    const limits = Object.keys(pusher) as (keyof typeof pusher)[];
    expect(rowsOf('docs/options.md').filter(([first]) => first?.startsWith('max'))).toEqual(
      limits.map((name) => [
        name,
        expect.any(String),
        ...[pusher, soketi, sockudo, reverb].map((server) => String(server[name])),
      ]),
    );
  });

  it('docs/options.md states the actual defaults', () => {
    const app = { appId: '1', key: 'key', secret: 'secret' };
    const defaults = resolveOptions({ ...app, batching: true, webhooks: { dedupe: true } }, {});
    const stated = rowsOf('docs/options.md').filter(([, , third = '']) =>
      /^\d+(?: \(|$)/.test(third),
    );
    const numbers = stated.filter(({ length }) => length === 3);
    expect(numbers.length).toBeGreaterThan(10);
    for (const [path = '', , number = ''] of numbers)
      expect([path, valueAt(defaults, path)]).toEqual([path, Number.parseInt(number, 10)]);
  });
});

/** The rows of all tables of a page, without the quotes of code. */
function rowsOf(page: string): string[][] {
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .replaceAll('`', '')
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function valueAt(owner: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], owner);
}

/** A name in code, alone or with its owner: `timeoutMs`, `retry.maxAttempts`. */
function mentions(text: string, name: string): boolean {
  return new RegExp(`\`[^\`\n]*\\b${name}\\b[^\`\n]*\``).test(text);
}

/** What a program says that it prints: `console.log(x); // that`. */
function promisesOf(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said = '']) => said);
}
