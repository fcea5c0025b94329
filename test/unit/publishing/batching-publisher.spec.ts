import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { BatchingPublisher } from '../../../lib/publishing/batching-publisher.js';
import { DirectPublisher } from '../../../lib/publishing/direct-publisher.js';
import type { EncodedEvent } from '../../../lib/publishing/event-publisher.js';
import type { BatchingOptions } from '../../../lib/options/batching.options.js';
import { HeldApi } from '../../support/http/held-api.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

const LIMITS = { maxEventsPerBatch: 10, maxRequestBytes: 1_048_576 };
const OPTIONS = { maxInFlight: 1, maxDelayMs: 1000, maxQueued: 100, whenFull: 'wait' } as const;

function setUp(options: BatchingOptions = {}, limits: Partial<typeof LIMITS> = {}) {
  const api = new HeldApi();
  const clock = new ManualClock();
  const publisher = new BatchingPublisher({
    direct: new DirectPublisher({ api }),
    options: { ...OPTIONS, ...options },
    limits: { ...LIMITS, ...limits },
    clock,
  });
  return { api, clock, publisher };
}

/** An event named by its channel and a number: `a1` is the first on channel `a`. */
function event(name: string, more: Partial<EncodedEvent> = {}): EncodedEvent {
  return { name, data: '{}', channels: [name.slice(0, 1)], ...more };
}

/** Publishes each event, and collects the outcomes: `accepted`, or the code of the error. */
function publishAll(publisher: BatchingPublisher, ...names: string[]): Record<string, unknown> {
  const outcomes: Record<string, unknown> = {};
  for (const name of names)
    publisher.publish(event(name)).then(
      () => (outcomes[name] = 'accepted'),
      (error: { code: string }) => (outcomes[name] = error.code),
    );
  return outcomes;
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await nextTurn();
  return settled;
}

describe('BatchingPublisher', () => {
  it('sends at once while fewer than maxInFlight requests are in flight', () => {
    const { api, publisher } = setUp({ maxInFlight: 3 });
    publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    expect(api.requests.map(({ request }) => request.path)).toEqual([
      '/events',
      '/events',
      '/events',
    ]);
    expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
  });

  it('batches events otherwise, and sends them when a request ends', async () => {
    const { api, publisher } = setUp();
    const outcomes = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    await api.at(0).respond();
    expect(api.sent).toEqual([['a1'], ['b1', 'c1', 'd1']]);
    expect(api.at(1).request.path).toBe('/batch_events');
    expect(outcomes).toEqual({ a1: 'accepted' });
    await api.at(1).respond();
    expect(Object.keys(outcomes)).toEqual(['a1', 'b1', 'c1', 'd1']);
  });

  it('sends an event that waited alone as an event', async () => {
    const { api, publisher } = setUp();
    publishAll(publisher, 'a1', 'b1');
    await api.at(0).respond();
    expect(api.at(1).request.path).toBe('/events');
  });

  it('keeps socket id, attributes and data of each event, and resolves each with its own attributes', async () => {
    const { api, publisher } = setUp();
    publishAll(publisher, 'a1');
    const results = Promise.all([
      publisher.publish(event('b1', { socketId: '1.2', info: 'user_count', data: '"ü"' })),
      publisher.publish(event('c1')),
      publisher.publish(event('d1', { info: 'subscription_count' })),
    ]);
    await api.at(0).respond();
    expect(api.at(1).body).toEqual({
      batch: [
        { channel: 'b', name: 'b1', data: '"ü"', socket_id: '1.2', info: 'user_count' },
        { channel: 'c', name: 'c1', data: '{}' },
        { channel: 'd', name: 'd1', data: '{}', info: 'subscription_count' },
      ],
    });
    await api.at(1).respond({ batch: [{ user_count: 3 }, {}, { subscription_count: 4 }] });
    expect(await results).toEqual([{ b: { userCount: 3 } }, {}, { d: { subscriptionCount: 4 } }]);
  });

  it('rejects each caller with an error of its own', async () => {
    const { api, publisher } = setUp();
    publishAll(publisher, 'a1');
    const outcomes = Promise.allSettled([
      publisher.publish(event('b1')),
      publisher.publish(event('c1')),
    ]);
    await api.at(0).respond();
    await api.at(1).rejectWith(503);
    const reasons = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason : outcome,
    );
    expect(reasons).toMatchObject([{ status: 503 }, { status: 503 }]);
    expect(reasons[0]).not.toBe(reasons[1]);
  });

  it('rejects only the invalid event when a batch is rejected', async () => {
    const { api, publisher } = setUp();
    const outcomes = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    await api.at(0).respond();
    await api.at(1).rejectWith(400);
    expect(api.sent.slice(2)).toEqual([['b1', 'c1']]);
    await api.at(2).rejectWith(400);
    await api.at(3).respond();
    await api.at(4).rejectWith(400);
    await api.at(5).respond();
    expect(api.sent.slice(3)).toEqual([['b1'], ['c1'], ['d1']]);
    expect(outcomes).toEqual({
      a1: 'accepted',
      b1: 'accepted',
      c1: 'PUSHER_REQUEST_REJECTED',
      d1: 'accepted',
    });
  });

  it('sends no more events in a batch than the server accepts', async () => {
    const { api, publisher } = setUp({}, { maxEventsPerBatch: 2 });
    publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    await api.at(0).respond();
    await api.at(1).respond();
    expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['d1']]);
  });

  it('sends no more bytes in a batch than the server accepts', async () => {
    const { api, publisher } = setUp({}, { maxRequestBytes: 150 });
    publishAll(publisher, 'a1');
    for (const name of ['b1', 'c1', 'd1'])
      void publisher.publish(event(name, { data: 'ü'.repeat(20) }));
    await api.at(0).respond();
    await api.at(1).respond();
    expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
    const larger = setUp({}, { maxRequestBytes: 180 });
    publishAll(larger.publisher, 'a1');
    for (const name of ['b1', 'c1', 'd1'])
      void larger.publisher.publish(event(name, { data: 'ü'.repeat(20) }));
    await larger.api.at(0).respond();
    expect(larger.api.sent).toEqual([['a1'], ['b1', 'c1']]);
    expect(Buffer.byteLength(larger.api.at(1).request.body ?? '')).toBeLessThanOrEqual(180);
  });

  describe('the order within a channel', () => {
    it('allows one request per channel in flight, even while others could be sent', async () => {
      const { api, publisher } = setUp({ maxInFlight: 9 });
      publishAll(publisher, 'a1', 'a2', 'b1', 'a3');
      expect(api.sent).toEqual([['a1'], ['b1']]);
      await api.at(0).rejectWith(503);
      expect(api.sent).toEqual([['a1'], ['b1'], ['a2', 'a3']]);
    });

    it('includes events with several channels', async () => {
      const { api, publisher } = setUp({ maxInFlight: 9 });
      publishAll(publisher, 'a1', 'b1');
      const both = publisher.publish(event('x', { channels: ['a', 'b', 'a'], info: 'user_count' }));
      publishAll(publisher, 'a2', 'b2');
      await api.at(0).respond();
      expect(api.sent).toEqual([['a1'], ['b1']]);
      await api.at(1).respond();
      expect(api.sent.slice(2)).toEqual([['x']]);
      expect(api.at(2).body).toMatchObject({ channels: ['a', 'b', 'a'], info: 'user_count' });
      await api.at(2).respond({ channels: { a: { user_count: 1 }, b: {} } });
      expect({ ...(await both) }).toEqual({ a: { userCount: 1 }, b: {} });
      expect(api.sent.slice(3)).toEqual([['a2', 'b2']]);
    });

    it('includes batches of the caller', async () => {
      const { api, publisher } = setUp({ maxInFlight: 9 });
      publishAll(publisher, 'a1');
      const batch = publisher.publishBatch([
        { channel: 'a', name: 'a2', data: '' },
        { channel: 'b', name: 'b1', data: '' },
      ]);
      publishAll(publisher, 'b2', 'c1');
      expect(api.sent).toEqual([['a1'], ['c1']]);
      await api.at(0).respond();
      expect(api.sent.slice(2)).toEqual([['a2', 'b1']]);
      await api.at(2).respond({ batch: [{ user_count: 1 }] });
      expect(await batch).toEqual([{ userCount: 1 }, {}]);
      expect(api.sent.slice(3)).toEqual([['b2']]);
    });
  });

  describe('while no request ends', () => {
    it('sends what has waited for maxDelayMs', async () => {
      const { api, clock, publisher } = setUp();
      publishAll(publisher, 'a1', 'b1', 'c1');
      await clock.advance(600);
      publishAll(publisher, 'd1');
      await clock.advance(399);
      expect(api.sent).toEqual([['a1']]);
      await clock.advance(1);
      expect(api.sent).toEqual([['a1'], ['b1', 'c1', 'd1']]);
    });

    it('does not let an event overtake another of its channel', async () => {
      const { api, clock, publisher } = setUp();
      publishAll(publisher, 'a1', 'a2', 'b1');
      await clock.advance(5000);
      expect(api.sent).toEqual([['a1'], ['b1']]);
    });

    it('measures maxDelayMs from the last request that ended', async () => {
      const { api, clock, publisher } = setUp({}, { maxEventsPerBatch: 1 });
      publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
      for (const at of [0, 1]) {
        await clock.advance(999);
        await api.at(at).respond();
      }
      await clock.advance(999);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      await clock.advance(1);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1'], ['d1']]);
    });

    it('never sends more beyond maxInFlight than may be queued', async () => {
      const { api, clock, publisher } = setUp({ maxQueued: 2 }, { maxEventsPerBatch: 1 });
      publishAll(publisher, 'a1', 'b1', 'c1', 'd1', 'e1');
      await clock.advance(9000);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      await api.at(1).respond();
      await clock.advance(1000);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1'], ['d1']]);
    });

    it('sends at once with a maxDelayMs of 0', () => {
      const { api, publisher } = setUp({ maxDelayMs: 0 });
      publishAll(publisher, 'a1', 'b1');
      expect(api.sent).toEqual([['a1'], ['b1']]);
    });

    it('runs no timer when nothing waits', async () => {
      const { api, clock, publisher } = setUp();
      publishAll(publisher, 'a1');
      expect(clock.sleeping).toBe(0);
      publishAll(publisher, 'b1');
      expect(clock.sleeping).toBe(1);
      await api.at(0).respond();
      await clock.advance(1000);
      expect(clock.sleeping).toBe(0);
    });
  });

  describe('a full queue', () => {
    it('rejects what does not fit, with whenFull: reject', async () => {
      const { api, publisher } = setUp({ maxQueued: 2, whenFull: 'reject' });
      const outcomes = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
      const rejected = publisher.publish(event('e1'));
      await expect(rejected).rejects.toMatchObject({
        code: 'PUSHER_NOT_SENT',
        maybeAccepted: false,
        attempts: 0,
        message: expect.stringContaining('2 events are already waiting'),
      });
      expect(outcomes).toEqual({ d1: 'PUSHER_NOT_SENT' });
      await api.at(0).respond();
      await api.at(1).respond();
      expect(api.sent).toEqual([['a1'], ['b1', 'c1']]);
      publishAll(publisher, 'f1');
      expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['f1']]);
    });

    it('does not make a flush wait for what it has rejected', async () => {
      const { api, publisher } = setUp({ maxQueued: 1, whenFull: 'reject' });
      const outcomes = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
      const flushed = publisher.flush();
      await api.at(0).respond();
      expect(await isSettled(flushed)).toBe(false);
      await api.at(1).respond();
      expect(await isSettled(flushed)).toBe(true);
      expect(outcomes).toEqual({
        a1: 'accepted',
        b1: 'accepted',
        c1: 'PUSHER_NOT_SENT',
        d1: 'PUSHER_NOT_SENT',
      });
    });

    it('accepts what can be sent at once', async () => {
      const { api, publisher } = setUp({ maxInFlight: 2, maxQueued: 1, whenFull: 'reject' });
      const outcomes = publishAll(publisher, 'a1', 'a2', 'a3', 'b1');
      await nextTurn();
      expect(api.sent).toEqual([['a1'], ['b1']]);
      expect(outcomes).toEqual({ a3: 'PUSHER_NOT_SENT' });
    });

    it('makes callers wait, in order, with whenFull: wait', async () => {
      const { api, publisher } = setUp({ maxQueued: 2 });
      const outcomes = publishAll(publisher, 'a1', 'b1', 'c1', 'd1', 'c2', 'd2', 'e1');
      await api.at(0).respond();
      await api.at(1).respond();
      await api.at(2).respond();
      await api.at(3).respond();
      expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['d1', 'c2'], ['e1', 'd2']]);
      expect(Object.values(outcomes)).toEqual(Array.from({ length: 7 }, () => 'accepted'));
    });

    it('accepts a batch that is larger than the queue when that is empty', () => {
      const { api, publisher } = setUp({ maxQueued: 1, whenFull: 'reject' });
      const batch = ['a', 'b', 'c'].map((channel) => ({ channel, name: channel, data: '' }));
      void publisher.publishBatch(batch);
      expect(api.sent).toEqual([['a', 'b', 'c']]);
    });
  });

  describe('flush', () => {
    it('resolves at once when nothing is in flight', async () => {
      expect(await isSettled(setUp().publisher.flush())).toBe(true);
    });

    it('waits for everything published before, whether it succeeds or fails, and for nothing later', async () => {
      const { api, publisher } = setUp({ maxQueued: 1 });
      publishAll(publisher, 'a1', 'b1', 'c1');
      const flushed = publisher.flush();
      publishAll(publisher, 'd1');
      await api.at(0).respond();
      await api.at(1).rejectWith(500);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      expect(await isSettled(flushed)).toBe(false);
      await api.at(2).respond();
      expect(await isSettled(flushed)).toBe(true);
      expect(api.sent[3]).toEqual(['d1']);
    });

    it('waits for everything that an earlier flush waits for', async () => {
      const { api, publisher } = setUp();
      publishAll(publisher, 'a1');
      const [first, second] = [publisher.flush(), publisher.flush()];
      expect([await isSettled(first), await isSettled(second)]).toEqual([false, false]);
      await api.at(0).respond();
      expect([await isSettled(first), await isSettled(second)]).toEqual([true, true]);
    });

    it('resolves after the promises of the callers', async () => {
      const { api, publisher } = setUp();
      const order: string[] = [];
      const published = publisher.publish(event('a1')).then(() => order.push('caller'));
      const flushed = publisher.flush().then(() => order.push('flush'));
      await api.at(0).respond();
      await Promise.all([published, flushed]);
      expect(order).toEqual(['caller', 'flush']);
    });
  });

  describe('close', () => {
    it('sends what is queued, rejects what comes later, and resolves after the last response', async () => {
      const { api, clock, publisher } = setUp({ maxQueued: 1 });
      const outcomes = publishAll(publisher, 'a1', 'b1', 'c1');
      const closed = publisher.close(5000);
      Object.assign(outcomes, { late: publishAll(publisher, 'd1') });
      await api.at(0).respond();
      await api.at(1).respond();
      await api.at(2).respond();
      expect(await closed).toEqual({ unsent: 0, unanswered: 0 });
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      expect(outcomes).toEqual({
        a1: 'accepted',
        b1: 'accepted',
        c1: 'accepted',
        late: { d1: 'PUSHER_NOT_SENT' },
      });
      expect(clock.sleeping).toBe(0);
    });

    it('returns what is unfinished when the time is over, and rejects what was not sent', async () => {
      const { api, clock, publisher } = setUp({ maxQueued: 3, maxDelayMs: 60_000 });
      const outcomes = publishAll(publisher, 'a1', 'a2', 'b1', 'c1', 'd1');
      const batch = publisher.publishBatch([
        { channel: 'e', name: 'e1', data: '' },
        { channel: 'f', name: 'f1', data: '' },
      ]);
      const rejected = batch.catch((error: Error) => error.message);
      const closed = publisher.close(5000);
      await clock.advance(4999);
      expect(await isSettled(closed)).toBe(false);
      await clock.advance(1);
      expect(await closed).toEqual({ unsent: 6, unanswered: 1 });
      expect(await rejected).toContain('shut down before it could be sent');
      expect(outcomes).toEqual({
        a2: 'PUSHER_NOT_SENT',
        b1: 'PUSHER_NOT_SENT',
        c1: 'PUSHER_NOT_SENT',
        d1: 'PUSHER_NOT_SENT',
      });
      expect(clock.sleeping).toBe(0);
      await api.at(0).respond();
      expect(outcomes).toMatchObject({ a1: 'accepted' });
      expect(api.requests).toHaveLength(1);
    });

    it('can be called again', async () => {
      const { publisher } = setUp();
      await publisher.close(0);
      expect(await publisher.close(0)).toEqual({ unsent: 0, unanswered: 0 });
    });
  });
});
