import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import { PusherService } from '../../../lib/pusher.service.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { withDeadline } from '../../../lib/runtime/deadline.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { MemoryLogger } from '../../support/nest/memory-logger.js';
import { HeldServer } from './held-server.js';

const ACCOUNT = { appId: '1', key: 'key', secret: 'secret' };

let server: HeldServer | undefined;

afterEach(async () => {
  server?.release();
  await server?.stop();
  server = undefined;
});

async function start(
  options: PusherModuleOptions,
): Promise<{ server: HeldServer; pusher: PusherService }> {
  server = new HeldServer();
  return {
    server,
    pusher: await startPusher({ ...ACCOUNT, ...(await server.start()), ...options }),
  };
}

function triggerAll(
  pusher: PusherService,
  count: number,
): Promise<PromiseSettledResult<unknown>[]> {
  const names = Array.from({ length: count }, (_, at) => String(at));
  return Promise.allSettled(names.map((name) => pusher.trigger('room', name, {})));
}

/** How often each code occurs among the errors; `accepted` for the others. */
function codesOf(outcomes: readonly PromiseSettledResult<unknown>[]): Record<string, number> {
  const codes: Record<string, number> = {};
  for (const outcome of outcomes) {
    const code =
      outcome.status === 'fulfilled' ? 'accepted' : (outcome.reason as { code: string }).code;
    codes[code] = (codes[code] ?? 0) + 1;
  }
  return codes;
}

describe('batching to a server that takes long to respond', () => {
  it('has the events of all callers in flight at once, on one channel too', async () => {
    const { server: held, pusher } = await start({ batching: true, http: { maxConnections: 64 } });
    const triggered = triggerAll(pusher, 500);
    await held.received(50);
    expect(held.requests.map(({ length }) => length)).toEqual(Array.from({ length: 50 }, () => 10));
    held.release();
    expect(codesOf(await triggered)).toEqual({ accepted: 500 });
  });

  it('lets no caller wait longer than the deadline when the server never responds', async () => {
    const deadlineMs = 1500;
    const { server: held, pusher } = await start({
      batching: { order: 'channel' },
      timeoutMs: 1000,
      retry: { deadlineMs },
    });
    // The timer starts after the last trigger: in a process that is busy for long it runs late as well.
    const late = { timeoutMs: deadlineMs * 1.1, clock: new SystemClock() };
    const outcomes = await withDeadline(triggerAll(pusher, 400), late);
    const { PUSHER_TIMEOUT: sent = 0, ...others } = codesOf(outcomes);
    expect(others).toEqual({ PUSHER_NOT_SENT: 400 - sent });
    expect(held.requests.flat().length).toBeLessThanOrEqual(sent);
  });

  it('sends each request in the async context of one of its callers', async () => {
    const { server: held, pusher } = await start({ batching: true, http: { maxConnections: 4 } });
    const store = new AsyncLocalStorage<string>();
    const wrong: string[] = [];
    let requests = 0;
    const check = (message: unknown): void => {
      const { body } = (message as { request: { body: Buffer } }).request;
      requests += 1;
      const context = String(store.getStore());
      if (!String(body).includes(`"name":"${context}"`)) wrong.push(context);
    };
    subscribe('undici:request:create', check);
    try {
      const triggered = Array.from({ length: 300 }, (_, at) =>
        store.run(`event-${at}`, () => pusher.trigger(`room-${at % 7}`, `event-${at}`, {})),
      );
      await held.received(4);
      held.release();
      await Promise.all(triggered);
    } finally {
      unsubscribe('undici:request:create', check);
    }
    expect(wrong).toEqual([]);
    expect(requests).toBe(30);
  });

  it('adds no turn of the event loop to the one that every request waits', async () => {
    const turns: number[] = [];
    for (const batching of [true, false]) {
      const { server: held, pusher } = await start({ batching });
      held.release();
      await pusher.trigger('room', 'first', {});
      let turn = 0;
      const onRequest = (): void => void turns.push(turn);
      subscribe('undici:request:create', onRequest);
      const triggered = pusher.trigger('room', 'second', {});
      for (; turn < 5; turn += 1) await nextTurn();
      await triggered;
      unsubscribe('undici:request:create', onRequest);
      await held.stop();
    }
    server = undefined;
    expect(turns).toEqual([0, 0]);
  });

  it('counts at shutdown what was never sent, and what got no response', async () => {
    server = new HeldServer();
    const logger = new MemoryLogger();
    const options = {
      ...ACCOUNT,
      ...(await server.start()),
      batching: true,
      http: { maxConnections: 4 },
      // Nothing but the shutdown ends a call, however long it takes to make them all.
      timeoutMs: 600_000,
      retry: { deadlineMs: 600_000 },
      shutdownTimeoutMs: 50,
    };
    const app = await NestFactory.createApplicationContext(PusherModule.forRoot(options), {
      logger,
    });
    const triggered = triggerAll(app.get<PusherService>(PusherService), 50_000);
    await server.received(4);
    await app.close();
    expect(codesOf(await triggered)).toEqual({
      PUSHER_NOT_SENT: 49_960,
      PUSHER_CONNECTION_FAILED: 40,
    });
    expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([
      expect.stringContaining('49960 events not sent and 4 requests without a response'),
    ]);
  });
});
