import { afterEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import { getPusherToken } from '../../../lib/pusher.tokens.js';
import { PusherService } from '../../../lib/pusher.service.js';
import { Clock, SystemClock } from '../../../lib/runtime/clock.js';
import { RandomSource } from '../../../lib/runtime/random.js';
import { withDeadline } from '../../../lib/runtime/deadline.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { KnownRandom } from '../../support/runtime/known-random.js';
import { RawProxy } from '../../support/raw/proxy.js';
import { RawServer } from '../../support/raw/server.js';

const CONNECTIONS = 8;
const ACCOUNT = { appId: '3', key: 'key', secret: 'secret', host: '127.0.0.1', useTLS: false };

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A logger that keeps errors, and calls back for each attempt that it is notified of. */
function logging(onAttempt?: () => void) {
  const errors: unknown[] = [];
  const ignored = (): void => undefined;
  const error = (message: unknown): void => void errors.push(message);
  return { errors, logger: { log: ignored, warn: ignored, debug: onAttempt, error } };
}

/** Resolves when it was called so many times. */
function calledTimes(times: number) {
  let count = 0;
  let onAll: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (onAll = resolve));
  const call = (): void => {
    count += 1;
    if (count === times) onAll();
  };
  return { call, all };
}

/** How many triggers ended with each code. */
async function countCodes(triggers: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(triggers)) {
    const code = outcome.status === 'fulfilled' ? 'sent' : codeOf(outcome.reason);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

function codeOf(error: unknown): string {
  const { code, maybeAccepted } = error as { code: string; maybeAccepted: boolean };
  return maybeAccepted ? `${code}, maybe accepted` : code;
}

function lateShutdown(ms: number, events: number, requests: number): string {
  return `Shut down after ${ms} ms with ${events} events not sent and ${requests} requests without a response. Raise shutdownTimeoutMs to give them more time.`;
}

describe('an application that shuts down while its server does not respond', () => {
  it('ends in time, with many triggers waiting, and says how many were never sent', async () => {
    const [triggered, shutdownTimeoutMs] = [20_000, 4000];
    const server = await RawServer.start(() => undefined);
    stops.push(() => server.stop());
    const { errors, logger } = logging();
    const app = await NestFactory.createApplicationContext(
      PusherModule.forRoot({
        ...ACCOUNT,
        port: server.port,
        timeoutMs: 60_000,
        retry: { deadlineMs: 60_000 },
        http: { maxConnections: CONNECTIONS },
        shutdownTimeoutMs,
      }),
      { logger },
    );
    const pusher = app.get<PusherService>(PusherService);
    const triggers = Array.from({ length: triggered }, (_, at) => pusher.trigger('room', 'e', at));
    const codes = countCodes(triggers);
    const clock = new SystemClock();
    await withDeadline(app.close(), { timeoutMs: shutdownTimeoutMs * 1.1, clock });
    expect(await codes).toEqual({
      PUSHER_NOT_SENT: triggered - CONNECTIONS,
      'PUSHER_CONNECTION_FAILED, maybe accepted': CONNECTIONS,
    });
    expect(errors).toEqual([lateShutdown(shutdownTimeoutMs, triggered - CONNECTIONS, CONNECTIONS)]);
  });
});

describe('an application with two apps', () => {
  it('ends both at the same time', async () => {
    const { call, all } = calledTimes(2);
    const server = await RawServer.start(call);
    stops.push(() => server.stop());
    const [first, clock] = [{ ...ACCOUNT, port: server.port }, new ManualClock()];
    const imports = [
      PusherModule.forRoot({ ...first, shutdownTimeoutMs: 1000 }),
      PusherModule.forRoot({ ...first, name: 'eu', appId: '4', shutdownTimeoutMs: 1000 }),
    ];
    const testing = Test.createTestingModule({ imports }).setLogger(logging().logger);
    const app = await testing.overrideProvider(Clock).useValue(clock).compile();
    await app.init();
    const services = [
      app.get<PusherService>(PusherService),
      app.get<PusherService>(getPusherToken('eu')),
    ];
    const codes = countCodes(services.map((pusher) => pusher.trigger('room', 'e', {})));
    await all;
    const closed = app.close();
    await clock.advance(1000);
    await closed;
    expect(await codes).toEqual({ 'PUSHER_CONNECTION_FAILED, maybe accepted': 2 });
  });
});

type Codes = Record<string, number>;

describe('an application that shuts down with 2000 events queued', () => {
  const QUEUED = 2000;
  const LOST = 'PUSHER_CONNECTION_FAILED, maybe accepted';
  const BATCHED: PusherModuleOptions = { batching: { whenFull: 'wait' } };
  const IN_ORDER: PusherModuleOptions = { batching: { whenFull: 'wait', order: 'channel' } };

  /** Closes an application once `reached` has resolved, and returns what became of everything. */
  async function shutDown(options: PusherModuleOptions, reached: Promise<void>, log?: () => void) {
    const clock = new ManualClock();
    const { errors, logger } = logging(log);
    const module = PusherModule.forRoot({ ...ACCOUNT, shutdownTimeoutMs: 1000, ...options });
    const testing = Test.createTestingModule({ imports: [module] }).setLogger(logger);
    testing.overrideProvider(Clock).useValue(clock);
    testing.overrideProvider(RandomSource).useValue(new KnownRandom());
    const app = await testing.compile();
    const pusher = (await app.init()).get<PusherService>(PusherService);
    const trigger = (_: unknown, at: number) => pusher.trigger(`room-${at % 50}`, 'e', at);
    const codes = countCodes(Array.from({ length: QUEUED }, trigger));
    await reached;
    const closed = app.close();
    // The last millisecond never passes: it is left to reject those that wait.
    await clock.advance(999);
    await closed;
    return { codes: await codes, errors, waiting: clock.sleeping };
  }

  it.each<[string, PusherModuleOptions, Codes, number]>([
    ['one by one', {}, { PUSHER_NOT_SENT: 1992, [LOST]: 8 }, 1992],
    ['in batches', BATCHED, { PUSHER_NOT_SENT: 1920, [LOST]: 80 }, 1920],
    ['in batches in order', IN_ORDER, { PUSHER_NOT_SENT: 1920, [LOST]: 80 }, 1920],
  ])('%s, for a silent server, counts what was sent', async (_how, options, codes, unsent) => {
    const { call, all } = calledTimes(CONNECTIONS);
    const server = await RawServer.start(call);
    stops.push(() => server.stop());
    const http = { maxConnections: CONNECTIONS };
    expect(await shutDown({ ...options, port: server.port, http }, all)).toEqual({
      codes,
      errors: [lateShutdown(1000, unsent, CONNECTIONS)],
      waiting: 0,
    });
  });

  it.each<[string, PusherModuleOptions]>([
    ['one by one', {}],
    ['in batches', BATCHED],
  ])('%s, through a silent proxy, counts none as sent', async (_how, options) => {
    const proxy = await RawProxy.start({ mute: true });
    stops.push(() => proxy.stop());
    const http = { maxConnections: CONNECTIONS, proxy: proxy.address };
    expect(await shutDown({ ...options, port: 1, http }, proxy.requested())).toEqual({
      codes: { PUSHER_NOT_SENT: QUEUED },
      errors: [lateShutdown(1000, QUEUED, 0)],
      waiting: 0,
    });
  });

  it.each<[string, PusherModuleOptions, number, Codes]>([
    ['one by one', {}, QUEUED, { PUSHER_CONNECTION_FAILED: QUEUED }],
    ['in batches', BATCHED, 8, { PUSHER_CONNECTION_FAILED: 80, PUSHER_NOT_SENT: 1920 }],
  ])('%s, ends the waits for the next attempt', async (_how, options, attempts, codes) => {
    const server = await RawServer.start();
    const { port } = server;
    await server.stop();
    const { call, all } = calledTimes(attempts);
    const http = { maxConnections: CONNECTIONS };
    const retry = { baseDelayMs: 60_000, maxDelayMs: 60_000, deadlineMs: 120_000 };
    expect(await shutDown({ ...options, port, http, retry }, all, call)).toEqual({
      codes,
      errors: [lateShutdown(1000, QUEUED, 0)],
      waiting: 0,
    });
  });

  it.each([503, 429])('in batches, ends the pause that a %i has requested', async (status) => {
    const server = await RawServer.start((_request, response) => {
      response.writeHead(status, { 'retry-after': '30' }).end('{}');
    });
    stops.push(() => server.stop());
    const { call, all } = calledTimes(CONNECTIONS);
    const http = { maxConnections: CONNECTIONS };
    expect(await shutDown({ ...BATCHED, port: server.port, http }, all, call)).toEqual({
      codes: { PUSHER_REQUEST_REJECTED: 80, PUSHER_NOT_SENT: 1920 },
      errors: [lateShutdown(1000, QUEUED, 0)],
      waiting: 0,
    });
  });
});
