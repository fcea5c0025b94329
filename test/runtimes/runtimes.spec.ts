import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../lib/testing/index.js';
import { PusherJs } from '../support/testing/clients.js';
import { ROOT, TARBALL, newFolder, run } from '../package/packed.js';
import { Program } from './program.js';
import { BUNDLE, CAPABILITIES, type Capability, RUNTIMES } from './runtimes.js';

const MINUTE = 60_000;

/** Requests that emit at once. */
const REQUESTS = 300;

let folder = '';

beforeAll(async () => {
  folder = newFolder('runtimes');
  cpSync(join(import.meta.dirname, 'app'), folder, { recursive: true });
  await run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', TARBALL);
  await run(folder, 'npx', 'tsc');
  await run(
    folder,
    join(ROOT, 'node_modules/.bin/esbuild'),
    'dist/worker.js',
    '--bundle',
    '--format=esm',
    '--platform=node',
    // Nest loads these when they are installed.
    ...['class-transformer', '@nestjs/microservices', '@nestjs/websockets'].map(
      (name) => `--external:${name}`,
    ),
    // Modules in CommonJS require those of Node.
    "--banner:js=import { createRequire as requireOf } from 'node:module'; const require = requireOf('/worker.mjs');",
    `--outfile=${BUNDLE}`,
  );
}, 5 * MINUTE);

describe.each(RUNTIMES)('the packed tarball in $name', ({ command, isWorker }) => {
  let server: PusherTestServer;
  let program: Program;

  beforeAll(async () => {
    server = await PusherTestServer.start();
    program = await Program.start(folder, command, server);
    server.sendWebhooksTo(`${program.url}/pusher/webhooks`);
  }, MINUTE);

  afterAll(async () => {
    await server.stop();
    await program.end();
  });

  /** Subscribes with the permission of the application, and collects the data of an event. */
  const collect = async (channel: string, event: string, count: number) => {
    const endpoint = `${program.url}/pusher/auth`;
    const client = server.client(PusherJs, {
      channelAuthorization: { endpoint, transport: 'ajax' },
    });
    const received: unknown[] = [];
    const complete = new Promise<unknown[]>((resolve) =>
      client.subscribe(channel).bind(event, (data: unknown) => {
        if (received.push(data) === count) resolve(received);
      }),
    );
    await server.waitForSubscription(channel);
    return { complete };
  };

  const act = (action: string, channel: string) => program.post(`/actions/${action}`, { channel });

  const tests: Record<Capability, () => Promise<void>> = {
    async trigger() {
      const { complete } = await collect('news', 'greeted', 1);
      expect(await act('trigger', 'news')).toEqual({ result: { channels: {} } });
      expect(await complete).toEqual([{ text: 'Grüße 👋' }]);
    },

    async batch() {
      const { complete } = await collect('lists', 'greeted', 2);
      expect(await act('batch', 'lists')).toEqual({ result: { events: [{}, {}] } });
      expect(await complete).toEqual([1, 2]);
    },

    async 'encrypted trigger'() {
      const { complete } = await collect('private-encrypted-a', 'greeted', 1);
      await act('trigger', 'private-encrypted-a');
      expect(await complete).toEqual([{ text: 'Grüße 👋' }]);
      const { data } = server.published().at(-1) ?? {};
      expect(String(data)).toContain('ciphertext');
    },

    async query() {
      await collect('presence-queried', 'never', 1);
      expect(await act('users', 'presence-queried')).toEqual({ result: [{ id: '7' }] });
    },

    async authorization() {
      const { complete } = await collect('presence-a', 'pusher:subscription_succeeded', 1);
      expect(await complete).toEqual([expect.objectContaining({ count: 1 })]);
    },

    async webhook() {
      const { complete } = await collect('rooms.lobby', 'opened', 1);
      expect(await complete).toEqual([{ name: 'lobby' }]);
    },

    async shutdown() {
      const { complete } = await collect('farewells', 'left', 3);
      await act('emit', 'farewells');
      if (isWorker !== true) await program.end();
      expect(new Set(await complete)).toEqual(new Set([1, 2, 3]));
    },
  };

  it(
    'sends everything that many requests at once have emitted',
    async () => {
      const { complete } = await collect('crowds', 'left', 3 * REQUESTS);
      // Their events are under way for different times, so that some end while others wait.
      for (let n = 0; n < 3 * REQUESTS; n += 1) server.failNext({ delayMs: (n * 7) % 40 });
      await Promise.all(Array.from({ length: REQUESTS }, () => act('emit', 'crowds')));
      expect(await complete).toHaveLength(3 * REQUESTS);
    },
    MINUTE,
  );

  // The last one ends the application.
  it.each(CAPABILITIES)('%s', (capability) => tests[capability](), MINUTE);
});

describe('the tables of the documentation', () => {
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());

  it.each(['README.md', 'docs/runtimes.md'])('%s has what the tests cover', (file) => {
    const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
    const head = lines.findIndex((line) => /^\| +\| trigger /.test(line));
    expect(cells(lines[head] ?? '')).toEqual(['', ...CAPABILITIES]);
    expect(lines.slice(head + 2, head + 2 + RUNTIMES.length + 1).map(cells)).toEqual([
      ...RUNTIMES.map(({ name, isWorker }) => [
        name,
        ...CAPABILITIES.map((each) => (each === 'shutdown' && isWorker ? '`waitUntil`' : '✓')),
      ]),
      [],
    ]);
  });
});
