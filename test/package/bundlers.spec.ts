import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { codeBlocksOf } from './code-blocks.js';
import { ROOT, TARBALL, consumer, run } from './packed.js';

const MINUTES = 60_000;
/** What the client door consists of. */
const CLIENT = /\/node_modules\/nestjs-pusher-channels\/dist\/esm\/(?:client|events)\//;
/** What Metro adds to every bundle. */
const METRO = /^__prelude__$|^require-|\/node_modules\/metro-runtime\//;

describe('nestjs-pusher-channels/client', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await consumer('bundlers', TARBALL);
    const vue = codeBlocksOf(ROOT, 'docs/client.md').find(({ name }) => name.endsWith('-vue'));
    writeFileSync(join(folder, 'src/use-event.ts'), vue?.code ?? '');
  }, 5 * MINUTES);

  /** Bundles a program. Returns the paths of the modules in it. */
  async function bundle(bundler: string, program: string): Promise<string[]> {
    const modules = await run(folder, 'node', 'build.mjs', bundler, `./src/${program}.js`);
    return JSON.parse(modules) as string[];
  }

  it.each(['vite', 'webpack', 'metro'])(
    'works in %s, without a module of Node, Nest or anything else',
    async (bundler) => {
      const modules = await bundle(bundler, 'plain');
      const others = modules.filter((path) => !path.startsWith(join(folder, 'src')));
      expect(others.some((path) => CLIENT.test(path))).toBe(true);
      expect(others.filter((path) => !CLIENT.test(path) && !METRO.test(path))).toEqual([]);
      expect(await run(folder, 'node', `out/${bundler}.js`)).toBe(
        'received: 7\ninvalid: not a string\nheader: 1.2\n',
      );
    },
    MINUTES,
  );

  it(
    'works in a component of Vue, with the composable of docs/client.md',
    async () => {
      await bundle('vite', 'in-vue');
      expect(await run(folder, 'node', 'out/vite.js')).toBe('received: 7\n');
    },
    MINUTES,
  );
});
