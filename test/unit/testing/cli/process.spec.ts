import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { compileTesting } from '../../../support/processes/compiled-testing.js';

/** Less than the 30 s that ws itself waits for a client, far more than a busy machine needs. */
const MAX_STOP_MS = 20_000;

describe('pusher-local as a process', () => {
  let compiled: ReturnType<typeof compileTesting>;
  beforeAll(() => {
    compiled = compileTesting();
  });
  afterAll(() => compiled.remove());

  const start = (...argv: string[]) =>
    spawn(process.execPath, [join(compiled.folder, 'testing/cli/pusher-local.js'), ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 0 on %s, whoever is connected',
    async (signal) => {
      const program = start('--port', '0', '--json');
      const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
      const { value } = await lines.next();
      const { apps } = JSON.parse(String(value)) as { apps: { port: number; key: string }[] };
      const socket = new WebSocket(`ws://127.0.0.1:${apps[0]?.port}/app/${apps[0]?.key}`);
      await once(socket, 'message');
      expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ type: 'connected' });
      const startedMs = performance.now();
      program.kill(signal);
      const [code] = await once(program, 'exit');
      expect(code).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(MAX_STOP_MS);
      socket.terminate();
    },
  );

  it('ends when nobody reads its output any more', async () => {
    const program = start('--port', '0', '--json');
    const [first] = (await once(program.stdout, 'data')) as [Buffer];
    const { apps } = JSON.parse(first.toString()) as { apps: { port: number }[] };
    program.stdout.destroy();
    const exit = once(program, 'exit');
    for (let n = 0; n < 2; n += 1)
      await fetch(`http://127.0.0.1:${apps[0]?.port}/`).catch(() => undefined);
    expect((await exit)[0]).toBe(0);
  });

  it('prints errors to the error output', async () => {
    const program = start('--nothing');
    const [[text], [code]] = (await Promise.all([
      once(program.stderr, 'data'),
      once(program, 'exit'),
    ])) as [[Buffer], [number]];
    expect(code).toBe(2);
    expect(text.toString()).toContain("Unknown option '--nothing'");
  });
});
