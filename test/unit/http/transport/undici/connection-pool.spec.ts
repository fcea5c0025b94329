import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ConnectionPool,
  type WireRequest,
} from '../../../../../lib/http/transport/undici/connection-pool.js';
import { SystemClock, Turn } from '../../../../../lib/runtime/clock.js';
import { Secret } from '../../../../../lib/runtime/secret.js';
import { type RawOptions, rawOptions } from '../../../../support/raw/options.js';
import { RawProxy } from '../../../../support/raw/proxy.js';
import { RawServer } from '../../../../support/raw/server.js';

const LIMITS = { timeoutMs: 20_000, deadlineMs: 20_000 };
const REQUEST: WireRequest = { method: 'GET', target: '/', headers: [] };

/** A clock whose two times the test sets apart; its timers are real. */
class TwoTimes extends SystemClock {
  nowMs = 1_700_000_000_000;
  elapsedMs = 0;

  override now(): number {
    return this.nowMs;
  }

  override elapsed(): number {
    return this.elapsedMs;
  }
}

let server: RawServer;
let pool: ConnectionPool;
let clock: TwoTimes;

async function stop(): Promise<void> {
  await pool.destroy();
  await server.stop();
}

async function start(respond?: RequestListener, http?: RawOptions['http']): Promise<void> {
  server = await RawServer.start(respond);
  clock = new TwoTimes();
  const options = rawOptions({
    endpoint: { origin: server.origin },
    http: { keepAliveTimeoutMs: 10_000, ...http },
  });
  pool = new ConnectionPool(options, clock, new Turn());
}

async function restart(respond: RequestListener, http?: RawOptions['http']): Promise<void> {
  await stop();
  await start(respond, http);
}

/** Sends requests at once, and returns which connections they came by, sorted. */
async function send(count = 1): Promise<number[]> {
  const before = server.seen.length;
  await Promise.all(Array.from({ length: count }, () => pool.exchange(REQUEST, LIMITS)));
  const used = server.seen.slice(before).map(({ connection }) => connection);
  return used.toSorted((one, other) => one - other);
}

describe('ConnectionPool', () => {
  beforeEach(() => start());

  afterEach(stop);

  it('makes connections as they are needed, and uses the last one used again', async () => {
    expect(await send(3)).toEqual([1, 2, 3]);
    const [last] = await send();
    for (let round = 0; round < 5; round += 1) expect(await send()).toEqual([last]);
    expect(server.connections).toBe(3);
  });

  it.each<[string, (milliseconds: number) => void]>([
    ['by the wall clock, as when the machine was suspended', (ms) => void (clock.nowMs += ms)],
    [
      'by the monotonic clock, when the wall clock was set back',
      (ms) => {
        clock.nowMs -= 3_600_000;
        clock.elapsedMs += ms;
      },
    ],
  ])('uses no connection that was idle for too long %s', async (_which, pass) => {
    await send(2);
    const [used] = await send();
    for (let second = 0; second < 11; second += 1) {
      pass(1000);
      expect(await send()).toEqual([used]);
    }
    expect(await send(2)).toEqual([used, 3]);
  });

  it('uses no connection for longer than the server has announced', async () => {
    await restart((_request, response) => response.setHeader('keep-alive', 'timeout=3').end('{}'));
    await send(2);
    clock.elapsedMs += 1400;
    expect(await send(2)).toEqual([1, 2]);
    clock.elapsedMs += 1400;
    expect(await send()).toHaveLength(1);
    clock.elapsedMs += 700;
    expect((await send(2)).filter((connection) => connection > 2)).toEqual([3]);
  });

  it('uses connections for half of a second when the server has announced one', async () => {
    await restart((_request, response) => response.setHeader('keep-alive', 'timeout=1').end('{}'));
    await send();
    clock.elapsedMs += 490;
    expect(await send()).toEqual([1]);
    clock.elapsedMs += 510;
    expect(await send()).toEqual([2]);
  });

  it('uses no connection that was idle while the process paused', async () => {
    expect(await send(3)).toHaveLength(3);
    clock.nowMs += 1400;
    expect(Math.max(...(await send(3)))).toBe(3);
    clock.nowMs += 1600;
    expect(await send(2)).toEqual([4, 5]);
    clock.nowMs += 1400;
    expect(await send(3)).toEqual([4, 5, 6]);
  });

  it.each([
    ['uses no connection that was made while the process paused', 1, 2],
    ['uses the third one when the process is so busy that it always pauses', 9, 3],
  ])('%s', async (_what, pauses, expected) => {
    const via = await RawProxy.start();
    await restart((_request, response) => response.end('{}'), { proxy: new Secret(via.address) });
    const sent = send();
    for (let pause = 0; pause < Math.min(pauses, expected); pause += 1) {
      await via.requested();
      clock.nowMs += 1600;
    }
    await sent;
    expect([via.tunnels.length, server.seen.length]).toEqual([expected, 1]);
    await via.stop();
  });

  it.each([
    ['more connections than the default', undefined, true],
    ['no more connections than the application has set', true as const, false],
  ])('makes %s when the server is far away and many callers wait', async (_what, isSet, more) => {
    const held: ServerResponse[] = [];
    await restart(
      (_request, response) => {
        if (held.push(response) > 1) return;
        setImmediate(() => {
          clock.elapsedMs += 100;
          for (const one of held.splice(0)) one.end('{}');
        });
      },
      { maxConnections: 2, isMaxConnectionsSet: isSet },
    );
    await send(200);
    expect(server.connections > 2).toBe(more);
  });
});
