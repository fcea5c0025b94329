import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { BatchingOptions } from '../../../lib/options/batching.options.js';
import { PusherModule } from '../../../lib/pusher.module.js';
import { PusherService } from '../../../lib/pusher.service.js';
import { type Fault, FaultyServer } from './faulty-server.js';

const NAMES = Array.from({ length: 30 }, (_, at) => String(at));

let server: FaultyServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** An application that has triggered all events and has received no response. */
async function appInFlight(fault: Fault, batching: BatchingOptions, shutdownTimeoutMs: number) {
  server = new FaultyServer(() => fault);
  const http = { maxConnections: 1 };
  const account = { appId: '1', key: 'key', secret: 'secret', host: '127.0.0.1', useTLS: false };
  const options = { ...account, port: await server.start(), batching, http, shutdownTimeoutMs };
  const app = await NestFactory.createApplicationContext(PusherModule.forRoot(options), {
    logger: false,
  });
  const pusher = app.get<PusherService>(PusherService);
  const triggered = Promise.allSettled(
    NAMES.map((name) => pusher.trigger(`room-${Number(name) % 5}`, name, {})),
  );
  await nextTurn();
  return { app, pusher, triggered, accepted: server.accepted };
}

describe('an application that shuts down', () => {
  it('sends what is queued, waits for the responses, and accepts nothing more', async () => {
    const { app, pusher, triggered, accepted } = await appInFlight(
      'none',
      { maxInFlight: 1 },
      5000,
    );
    const closed = app.close();
    await nextTurn();
    const late = pusher.trigger('room-1', 'late', {});
    await expect(late).rejects.toMatchObject({ code: 'PUSHER_NOT_SENT', maybeAccepted: false });
    await closed;
    expect(accepted.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
    expect(new Set((await triggered).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
  });

  it('ends in time when the server does not respond, and rejects every promise', async () => {
    const { app, triggered, accepted } = await appInFlight('silent', { maxInFlight: 1 }, 50);
    await app.close();
    const outcomes = await triggered;
    expect(accepted).toHaveLength(10);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    const unsent = outcomes.filter(
      (outcome) =>
        outcome.status === 'rejected' &&
        (outcome.reason as { code: string }).code === 'PUSHER_NOT_SENT',
    );
    expect(unsent).toHaveLength(20);
  });

  it('can be flushed before', async () => {
    const { app, pusher, accepted } = await appInFlight('none', { maxInFlight: 2 }, 5000);
    await pusher.flush();
    expect(accepted).toHaveLength(30);
    await app.close();
  });
});
