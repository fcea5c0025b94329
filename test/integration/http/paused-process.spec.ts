import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PusherModuleOptions } from '../../../lib/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { IdleResetServer } from '../../support/raw/idle-reset-server.js';

const MAX_IDLE_MS = 1600;
/** Longer than a connection may be idle, and than a pause that the library does not notice (1500). */
const PAUSE_MS = 1800;
const here = fileURLToPath(new URL('../../support/processes/', import.meta.url));

let server: IdleResetServer;

beforeEach(async () => {
  server = await IdleResetServer.start(MAX_IDLE_MS);
});

afterEach(() => server.stop());

/** Stops everything in this process, timers and sockets included. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

describe('connections that were idle for too long are not used again', () => {
  it('after the event loop was blocked', async () => {
    const account = { appId: '3', key: 'key', secret: 'secret', host: '127.0.0.1', useTLS: false };
    const variants: PusherModuleOptions[] = [
      {},
      { http: { keepAliveTimeoutMs: 1000 } },
      { http: { axios: {} } },
      { batching: true },
    ];
    const services = await Promise.all(
      variants.map((options) => startPusher({ ...account, port: server.port, ...options })),
    );
    const triggerAll = (event: string): Promise<unknown> =>
      Promise.all(services.map((pusher) => pusher.trigger('room', event, {})));
    await triggerAll('before');
    block(PAUSE_MS);
    await triggerAll('after');
    // The block may also come between the call and the moment when it is written.
    const called = triggerAll('called');
    block(PAUSE_MS);
    await called;
    expect(server).toMatchObject({ answered: 3 * variants.length, reset: 0 });
  });

  it('after the process was stopped and continued, with all defaults', async () => {
    const url = `http://key:secret@127.0.0.1:${server.port}/apps/3`;
    const execArgv = [`--import=${here}run-typescript.mjs`];
    const child: ChildProcess = fork(`${here}client-process.ts`, [url], { execArgv });
    await once(child, 'message');
    const triggerEight = async (): Promise<unknown> => {
      const responded = once(child, 'message');
      child.send(8);
      const [errors] = (await responded) as [string[]];
      return errors;
    };
    expect(await triggerEight()).toEqual([]);
    child.kill('SIGSTOP');
    // The time has to pass: what is tested is what the clocks of a stopped process show.
    await wait(PAUSE_MS);
    child.kill('SIGCONT');
    expect(await triggerEight()).toEqual([]);
    expect(server).toMatchObject({ answered: 16, reset: 0 });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  });
});
