import { setImmediate as turn } from 'node:timers/promises';
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

/** Publishes each, and collects how they end: the answer, or the code of the error. */
function publishAll(publisher: BatchingPublisher, ...names: string[]): Record<string, unknown> {
  const ends: Record<string, unknown> = {};
  for (const name of names)
    publisher.publish(event(name)).then(
      () => (ends[name] = 'accepted'),
      (error: { code: string }) => (ends[name] = error.code),
    );
  return ends;
}

async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  await turn();
  return over;
}

describe('BatchingPublisher', () => {
  it('sends at once while the line is free', () => {
    const { api, publisher } = setUp({ maxInFlight: 3 });
    publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    expect(api.requests.map(({ request }) => request.path)).toEqual([
      '/events',
      '/events',
      '/events',
    ]);
    expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
  });

  it('gathers while it is not, and lets all leave when a request returns', async () => {
    const { api, publisher } = setUp();
    const ends = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    await api.at(0).answer();
    expect(api.sent).toEqual([['a1'], ['b1', 'c1', 'd1']]);
    expect(api.at(1).request.path).toBe('/batch_events');
    expect(ends).toEqual({ a1: 'accepted' });
    await api.at(1).answer();
    expect(Object.keys(ends)).toEqual(['a1', 'b1', 'c1', 'd1']);
  });

  it('sends one that waited alone as an event', async () => {
    const { api, publisher } = setUp();
    publishAll(publisher, 'a1', 'b1');
    await api.at(0).answer();
    expect(api.at(1).request.path).toBe('/events');
  });

  it('keeps socket id, attributes and data of each, and gives each its own answer', async () => {
    const { api, publisher } = setUp();
    publishAll(publisher, 'a1');
    const answers = Promise.all([
      publisher.publish(event('b1', { socketId: '1.2', info: 'user_count', data: '"ü"' })),
      publisher.publish(event('c1')),
      publisher.publish(event('d1', { info: 'subscription_count' })),
    ]);
    await api.at(0).answer();
    expect(api.at(1).body).toEqual({
      batch: [
        { channel: 'b', name: 'b1', data: '"ü"', socket_id: '1.2', info: 'user_count' },
        { channel: 'c', name: 'c1', data: '{}' },
        { channel: 'd', name: 'd1', data: '{}', info: 'subscription_count' },
      ],
    });
    await api.at(1).answer({ batch: [{ user_count: 3 }, {}, { subscription_count: 4 }] });
    expect(await answers).toEqual([{ b: { userCount: 3 } }, {}, { d: { subscriptionCount: 4 } }]);
  });

  it('gives each caller an error of its own', async () => {
    const { api, publisher } = setUp();
    publishAll(publisher, 'a1');
    const ends = Promise.allSettled([
      publisher.publish(event('b1')),
      publisher.publish(event('c1')),
    ]);
    await api.at(0).answer();
    await api.at(1).refuse(503);
    const reasons = (await ends).map((end) => (end.status === 'rejected' ? end.reason : end));
    expect(reasons).toMatchObject([{ status: 503 }, { status: 503 }]);
    expect(reasons[0]).not.toBe(reasons[1]);
  });

  it('lets only the event at fault fail when a batch is refused', async () => {
    const { api, publisher } = setUp();
    const ends = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    await api.at(0).answer();
    await api.at(1).refuse(400);
    expect(api.sent.slice(2)).toEqual([['b1', 'c1']]);
    await api.at(2).refuse(400);
    await api.at(3).answer();
    await api.at(4).refuse(400);
    await api.at(5).answer();
    expect(api.sent.slice(3)).toEqual([['b1'], ['c1'], ['d1']]);
    expect(ends).toEqual({
      a1: 'accepted',
      b1: 'accepted',
      c1: 'PUSHER_REQUEST_REJECTED',
      d1: 'accepted',
    });
  });

  it('keeps the number of events that the server takes', async () => {
    const { api, publisher } = setUp({}, { maxEventsPerBatch: 2 });
    publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
    await api.at(0).answer();
    await api.at(1).answer();
    expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['d1']]);
  });

  it('keeps the bytes that the server takes', async () => {
    const { api, publisher } = setUp({}, { maxRequestBytes: 150 });
    publishAll(publisher, 'a1');
    for (const name of ['b1', 'c1', 'd1'])
      void publisher.publish(event(name, { data: 'ü'.repeat(20) }));
    await api.at(0).answer();
    await api.at(1).answer();
    expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
    const roomy = setUp({}, { maxRequestBytes: 180 });
    publishAll(roomy.publisher, 'a1');
    for (const name of ['b1', 'c1', 'd1'])
      void roomy.publisher.publish(event(name, { data: 'ü'.repeat(20) }));
    await roomy.api.at(0).answer();
    expect(roomy.api.sent).toEqual([['a1'], ['b1', 'c1']]);
    expect(Buffer.byteLength(roomy.api.at(1).request.body ?? '')).toBeLessThanOrEqual(180);
  });

  describe('order', () => {
    it('has one request of a channel under way, even while the line is free', async () => {
      const { api, publisher } = setUp({ maxInFlight: 9 });
      publishAll(publisher, 'a1', 'a2', 'b1', 'a3');
      expect(api.sent).toEqual([['a1'], ['b1']]);
      await api.at(0).refuse(503);
      expect(api.sent).toEqual([['a1'], ['b1'], ['a2', 'a3']]);
    });

    it('holds for events on several channels', async () => {
      const { api, publisher } = setUp({ maxInFlight: 9 });
      publishAll(publisher, 'a1', 'b1');
      const both = publisher.publish(event('x', { channels: ['a', 'b', 'a'], info: 'user_count' }));
      publishAll(publisher, 'a2', 'b2');
      await api.at(0).answer();
      expect(api.sent).toEqual([['a1'], ['b1']]);
      await api.at(1).answer();
      expect(api.sent.slice(2)).toEqual([['x']]);
      expect(api.at(2).body).toMatchObject({ channels: ['a', 'b', 'a'], info: 'user_count' });
      await api.at(2).answer({ channels: { a: { user_count: 1 }, b: {} } });
      expect({ ...(await both) }).toEqual({ a: { userCount: 1 }, b: {} });
      expect(api.sent.slice(3)).toEqual([['a2', 'b2']]);
    });

    it('holds for batches of the caller', async () => {
      const { api, publisher } = setUp({ maxInFlight: 9 });
      publishAll(publisher, 'a1');
      const batch = publisher.publishBatch([
        { channel: 'a', name: 'a2', data: '' },
        { channel: 'b', name: 'b1', data: '' },
      ]);
      publishAll(publisher, 'b2', 'c1');
      expect(api.sent).toEqual([['a1'], ['c1']]);
      await api.at(0).answer();
      expect(api.sent.slice(2)).toEqual([['a2', 'b1']]);
      await api.at(2).answer({ batch: [{ user_count: 1 }] });
      expect(await batch).toEqual([{ userCount: 1 }, {}]);
      expect(api.sent.slice(3)).toEqual([['b2']]);
    });
  });

  describe('a line that stands still', () => {
    it('lets go what has waited for maxDelayMs', async () => {
      const { api, clock, publisher } = setUp();
      publishAll(publisher, 'a1', 'b1', 'c1');
      await clock.advance(600);
      publishAll(publisher, 'd1');
      await clock.advance(399);
      expect(api.sent).toEqual([['a1']]);
      await clock.advance(1);
      expect(api.sent).toEqual([['a1'], ['b1', 'c1', 'd1']]);
    });

    it('does not let an event overtake one of its own channel', async () => {
      const { api, clock, publisher } = setUp();
      publishAll(publisher, 'a1', 'a2', 'b1');
      await clock.advance(5000);
      expect(api.sent).toEqual([['a1'], ['b1']]);
    });

    it('is none while requests return', async () => {
      const { api, clock, publisher } = setUp({}, { maxEventsPerBatch: 1 });
      publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
      for (const at of [0, 1]) {
        await clock.advance(999);
        await api.at(at).answer();
      }
      await clock.advance(999);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      await clock.advance(1);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1'], ['d1']]);
    });

    it('never lets more go than may be queued', async () => {
      const { api, clock, publisher } = setUp({ maxQueued: 2 }, { maxEventsPerBatch: 1 });
      publishAll(publisher, 'a1', 'b1', 'c1', 'd1', 'e1');
      await clock.advance(9000);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      await api.at(1).answer();
      await clock.advance(1000);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1'], ['d1']]);
    });

    it('is never waited for with a maxDelayMs of 0', () => {
      const { api, publisher } = setUp({ maxDelayMs: 0 });
      publishAll(publisher, 'a1', 'b1');
      expect(api.sent).toEqual([['a1'], ['b1']]);
    });

    it('is not watched when nothing waits', async () => {
      const { api, clock, publisher } = setUp();
      publishAll(publisher, 'a1');
      expect(clock.sleeping).toBe(0);
      publishAll(publisher, 'b1');
      expect(clock.sleeping).toBe(1);
      await api.at(0).answer();
      await clock.advance(1000);
      expect(clock.sleeping).toBe(0);
    });
  });

  describe('a full queue', () => {
    it('refuses when callers are not to wait', async () => {
      const { api, publisher } = setUp({ maxQueued: 2, whenFull: 'reject' });
      const ends = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
      const refused = publisher.publish(event('e1'));
      await expect(refused).rejects.toMatchObject({
        code: 'PUSHER_NOT_SENT',
        maybeAccepted: false,
        attempts: 0,
        message: expect.stringContaining('2 events are waiting'),
      });
      expect(ends).toEqual({ d1: 'PUSHER_NOT_SENT' });
      await api.at(0).answer();
      await api.at(1).answer();
      expect(api.sent).toEqual([['a1'], ['b1', 'c1']]);
      publishAll(publisher, 'f1');
      expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['f1']]);
    });

    it('is not waited for by a flush once the rest is answered', async () => {
      const { api, publisher } = setUp({ maxQueued: 1, whenFull: 'reject' });
      const ends = publishAll(publisher, 'a1', 'b1', 'c1', 'd1');
      const flushed = publisher.flush();
      await api.at(0).answer();
      expect(await isOver(flushed)).toBe(false);
      await api.at(1).answer();
      expect(await isOver(flushed)).toBe(true);
      expect(ends).toEqual({
        a1: 'accepted',
        b1: 'accepted',
        c1: 'PUSHER_NOT_SENT',
        d1: 'PUSHER_NOT_SENT',
      });
    });

    it('takes what need not wait', async () => {
      const { api, publisher } = setUp({ maxInFlight: 2, maxQueued: 1, whenFull: 'reject' });
      const ends = publishAll(publisher, 'a1', 'a2', 'a3', 'b1');
      await turn();
      expect(api.sent).toEqual([['a1'], ['b1']]);
      expect(ends).toEqual({ a3: 'PUSHER_NOT_SENT' });
    });

    it('lets callers wait, in order', async () => {
      const { api, publisher } = setUp({ maxQueued: 2 });
      const ends = publishAll(publisher, 'a1', 'b1', 'c1', 'd1', 'c2', 'd2', 'e1');
      await api.at(0).answer();
      await api.at(1).answer();
      await api.at(2).answer();
      await api.at(3).answer();
      expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['d1', 'c2'], ['e1', 'd2']]);
      expect(Object.values(ends)).toEqual(Array.from({ length: 7 }, () => 'accepted'));
    });

    it('has room for a batch that is larger than the queue', () => {
      const { api, publisher } = setUp({ maxQueued: 1, whenFull: 'reject' });
      const batch = ['a', 'b', 'c'].map((channel) => ({ channel, name: channel, data: '' }));
      void publisher.publishBatch(batch);
      expect(api.sent).toEqual([['a', 'b', 'c']]);
    });
  });

  describe('flush', () => {
    it('resolves at once when there is nothing to wait for', async () => {
      expect(await isOver(setUp().publisher.flush())).toBe(true);
    });

    it('waits for what came before it, however that ends, and for nothing after', async () => {
      const { api, publisher } = setUp({ maxQueued: 1 });
      publishAll(publisher, 'a1', 'b1', 'c1');
      const flushed = publisher.flush();
      publishAll(publisher, 'd1');
      await api.at(0).answer();
      await api.at(1).refuse(500);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      expect(await isOver(flushed)).toBe(false);
      await api.at(2).answer();
      expect(await isOver(flushed)).toBe(true);
      expect(api.sent[3]).toEqual(['d1']);
    });

    it('waits for what an earlier flush waits for', async () => {
      const { api, publisher } = setUp();
      publishAll(publisher, 'a1');
      const [first, second] = [publisher.flush(), publisher.flush()];
      expect([await isOver(first), await isOver(second)]).toEqual([false, false]);
      await api.at(0).answer();
      expect([await isOver(first), await isOver(second)]).toEqual([true, true]);
    });

    it('resolves after the callers have their answers', async () => {
      const { api, publisher } = setUp();
      const order: string[] = [];
      const published = publisher.publish(event('a1')).then(() => order.push('caller'));
      const flushed = publisher.flush().then(() => order.push('flush'));
      await api.at(0).answer();
      await Promise.all([published, flushed]);
      expect(order).toEqual(['caller', 'flush']);
    });
  });

  describe('close', () => {
    it('sends what waits, refuses what comes, and ends when all is answered', async () => {
      const { api, clock, publisher } = setUp({ maxQueued: 1 });
      const ends = publishAll(publisher, 'a1', 'b1', 'c1');
      const closed = publisher.close(5000);
      Object.assign(ends, { late: publishAll(publisher, 'd1') });
      await api.at(0).answer();
      await api.at(1).answer();
      await api.at(2).answer();
      expect(await closed).toEqual({ unsent: 0, unanswered: 0 });
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
      expect(ends).toEqual({
        a1: 'accepted',
        b1: 'accepted',
        c1: 'accepted',
        late: { d1: 'PUSHER_NOT_SENT' },
      });
      expect(clock.sleeping).toBe(0);
    });

    it('says what was left when the time is over, and tells the callers', async () => {
      const { api, clock, publisher } = setUp({ maxQueued: 3, maxDelayMs: 60_000 });
      const ends = publishAll(publisher, 'a1', 'a2', 'b1', 'c1', 'd1');
      const batch = publisher.publishBatch([
        { channel: 'e', name: 'e1', data: '' },
        { channel: 'f', name: 'f1', data: '' },
      ]);
      const refused = batch.catch((error: Error) => error.message);
      const closed = publisher.close(5000);
      await clock.advance(4999);
      expect(await isOver(closed)).toBe(false);
      await clock.advance(1);
      expect(await closed).toEqual({ unsent: 6, unanswered: 1 });
      expect(await refused).toContain('shut down before its turn came');
      expect(ends).toEqual({
        a2: 'PUSHER_NOT_SENT',
        b1: 'PUSHER_NOT_SENT',
        c1: 'PUSHER_NOT_SENT',
        d1: 'PUSHER_NOT_SENT',
      });
      expect(clock.sleeping).toBe(0);
      await api.at(0).answer();
      expect(ends).toMatchObject({ a1: 'accepted' });
      expect(api.requests).toHaveLength(1);
    });

    it('may be called again', async () => {
      const { publisher } = setUp();
      await publisher.close(0);
      expect(await publisher.close(0)).toEqual({ unsent: 0, unanswered: 0 });
    });
  });
});
