import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TARBALL, application, consumer, newFolder, run } from './packed.js';
import { packagesToInstall } from './readme-steps.js';

const MINUTE = 60_000;

describe('the package', () => {
  let tools = '';
  beforeAll(async () => {
    tools = newFolder('tools');
    const managers = ['pnpm@10.34.9', '@yarnpkg/cli-dist@4.18.1'];
    await run(tools, 'npm', 'install', '--no-audit', '--no-fund', ...managers);
  }, MINUTE);

  const binary = (name: string): string => join(tools, 'node_modules/.bin', name);

  async function compileAndRun(folder: string): Promise<void> {
    await run(folder, 'node', 'node_modules/typescript/bin/tsc', '-p', '.');
    expect((await run(folder, 'node', 'dist/main.js')).trim()).toBe('{"name":"ESM"}');
  }

  it(
    'works with pnpm, which lets it see only what it declares, and whose peers are checked',
    async () => {
      const folder = application('nest12-esm');
      const packages = packagesToInstall();
      await run(folder, binary('pnpm'), 'add', '--strict-peer-dependencies', ...packages);
      await compileAndRun(folder);
    },
    3 * MINUTE,
  );

  it(
    'works with Yarn, which does not install peers by itself',
    async () => {
      const folder = application('nest12-esm');
      const settings = ['nodeLinker: node-modules', 'enableImmutableInstalls: false'];
      writeFileSync(join(folder, '.yarnrc.yml'), `${settings.join('\n')}\n`);
      writeFileSync(join(folder, 'yarn.lock'), '');
      const packages = packagesToInstall(`nestjs-pusher-channels@file:${TARBALL}`);
      await run(folder, binary('yarn'), 'add', ...packages);
      await compileAndRun(folder);
    },
    3 * MINUTE,
  );
});

describe('two copies of the package in one application', () => {
  it(
    'share named apps and rules, but not the class PusherService as a token',
    async () => {
      const folder = await consumer('nest12-copies', TARBALL);
      await run(folder, 'npx', 'tsc', '-p', '.');
      const name = 'node_modules/nestjs-pusher-channels';
      cpSync(join(folder, name), join(folder, 'dist/shared', name), { recursive: true });
      const output = await run(folder, 'node', 'dist/main.js');
      expect(output.split('\n').slice(0, 3)).toEqual([
        'two copies',
        "[ 'from.the.library' ]",
        "[ 'private-rooms.{roomId}' ]",
      ]);
      // As docs/installing.md quotes it.
      expect(output).toContain(
        "Nest can't resolve dependencies of the DefaultPublisher (?). Please make sure that the argument PusherService at index [0] is available",
      );
    },
    3 * MINUTE,
  );
});
