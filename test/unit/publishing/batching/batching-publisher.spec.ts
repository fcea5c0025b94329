import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { BatchingPublisher } from '../../../../lib/publishing/batching/batching-publisher.js';
import { DirectPublisher } from '../../../../lib/publishing/direct-publisher.js';
import type { EncodedEvent } from '../../../../lib/publishing/event-publisher.js';
import type { BatchingSettings } from '../../../../lib/options/batching.options.js';
import { Turn } from '../../../../lib/runtime/clock.js';
import { HeldApi } from '../../../support/http/held-api.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';

const OPTIONS = {
  order: 'none',
  maxInFlight: 1,
  maxDelayMs: 1000,
  maxQueued: 100,
  whenFull: 'wait',
} as const;
const LIMITS = { maxEventsPerBatch: 10, maxRequestBytes: 1_048_576 };

/** Tests use few requests: one that is not full, and three at all. */
function setUp(
  options: Partial<Pick<BatchingSettings, keyof typeof OPTIONS>> = {},
  more: Partial<typeof LIMITS & { maxConnections: number; deadlineMs: number }> = {},
) {
  const api = new HeldApi();
  const clock = new ManualClock();
  const { maxConnections = 3, deadlineMs = 10_000, ...limits } = more;
  const publisher = new BatchingPublisher({
    direct: new DirectPublisher({ api }),
    options: { ...OPTIONS, ...options },
    limits: { ...LIMITS, ...limits },
    maxConnections,
    deadlineMs,
    maxCallMs: deadlineMs,
    clock,
    turn: new Turn(),
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

/** Like `publishAll`, and waits until what can be sent has been sent. */
async function published(
  publisher: BatchingPublisher,
  ...names: string[]
): Promise<Record<string, unknown>> {
  const outcomes = publishAll(publisher, ...names);
  await nextTurn();
  return outcomes;
}

function batchOf(...names: string[]) {
  return names.map((name) => ({ name, channel: name.slice(0, 1), data: '' }));
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await nextTurn();
  return settled;
}

/** The numbers from 1 up, each behind the name of a channel. */
function numbered(channel: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${channel}${index + 1}`);
}

describe.each(['none', 'channel'] as const)('BatchingPublisher with order: %s', (order) => {
  it('sends together what is published during one turn of the event loop', async () => {
    const { api, publisher } = setUp({ order });
    const outcomes = publishAll(publisher, 'a1', 'b1', 'a2');
    expect(api.sent).toEqual([]);
    await nextTurn();
    expect(api.sent.map((names) => names.toSorted())).toEqual([['a1', 'a2', 'b1']]);
    expect(api.at(0).request.path).toBe('/batch_events');
    await api.at(0).respond();
    expect(outcomes).toEqual({ a1: 'accepted', a2: 'accepted', b1: 'accepted' });
  });

  it('sends one event as an event', async () => {
    const { api, publisher } = setUp({ order });
    await published(publisher, 'a1');
    expect(api.at(0).request.path).toBe('/events');
  });

  it('queues what does not fill a request while maxInFlight requests are in flight', async () => {
    const { api, publisher } = setUp({ order, maxInFlight: 2 });
    for (const name of ['a1', 'b1', 'c1', 'd1']) await published(publisher, name);
    expect(api.sent).toEqual([['a1'], ['b1']]);
    await api.at(0).respond();
    expect(api.sent).toEqual([['a1'], ['b1'], ['c1', 'd1']]);
  });

  it('sends together what waits and what callers publish when a response arrives', async () => {
    const { api, publisher } = setUp({ order });
    void publisher.publish(event('a1')).then(() => publisher.publish(event('a2')));
    await nextTurn();
    await published(publisher, 'b1');
    await api.at(0).respond();
    expect(api.sent).toEqual([['a1'], ['b1', 'a2']]);
  });

  it('sends together what follows from all responses of one turn', async () => {
    const { api, publisher } = setUp({ order, maxInFlight: 2 });
    await published(publisher, 'a1');
    void publisher.publish(event('b1')).then(() => publisher.publish(event('b2')));
    await nextTurn();
    await published(publisher, 'c1');
    setImmediate(() => void api.at(0).respond());
    setImmediate(() => void api.at(1).respond());
    await nextTurn();
    await nextTurn();
    expect(api.sent).toEqual([['a1'], ['b1'], ['c1', 'b2']]);
  });

  it('sends full requests beyond maxInFlight, while there is a connection', async () => {
    const { api, publisher } = setUp({ order }, { maxEventsPerBatch: 2 });
    await published(publisher, 'z1');
    await published(publisher, ...'abcdefg'.split(''));
    expect(api.sent).toEqual([['z1'], ['a', 'b'], ['c', 'd']]);
    await api.at(1).respond();
    expect(api.sent.slice(3)).toEqual([['e', 'f']]);
  });

  it('keeps socket id, attributes and data of each event, and resolves each with its own attributes', async () => {
    const { api, publisher } = setUp({ order });
    const results = Promise.all([
      publisher.publish(event('b1', { socketId: '1.2', info: 'user_count', data: '"ü"' })),
      publisher.publish(event('c1')),
      publisher.publish(event('d1', { info: 'subscription_count' })),
    ]);
    await nextTurn();
    expect(api.at(0).body).toEqual({
      batch: [
        { channel: 'b', name: 'b1', data: '"ü"', socket_id: '1.2', info: 'user_count' },
        { channel: 'c', name: 'c1', data: '{}' },
        { channel: 'd', name: 'd1', data: '{}', info: 'subscription_count' },
      ],
    });
    await api.at(0).respond({ batch: [{ user_count: 3 }, {}, { subscription_count: 4 }] });
    expect(await results).toEqual([{ b: { userCount: 3 } }, {}, { d: { subscriptionCount: 4 } }]);
  });

  it('rejects each caller with an error of its own', async () => {
    const { api, publisher } = setUp({ order });
    const outcomes = Promise.allSettled([
      publisher.publish(event('b1')),
      publisher.publish(event('c1')),
    ]);
    await nextTurn();
    await api.at(0).rejectWith(503);
    const reasons = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason : outcome,
    );
    expect(reasons).toMatchObject([{ status: 503 }, { status: 503 }]);
    expect(reasons[0]).not.toBe(reasons[1]);
  });

  it('rejects only the invalid event when a batch is rejected', async () => {
    const { api, publisher } = setUp({ order });
    const outcomes = await published(publisher, 'b1', 'c1', 'd1');
    await api.at(0).rejectWith(400);
    expect(api.sent.slice(1)).toEqual([['b1', 'c1']]);
    await api.at(1).rejectWith(400);
    await api.at(2).respond();
    await api.at(3).rejectWith(400);
    await api.at(4).respond();
    expect(api.sent.slice(2)).toEqual([['b1'], ['c1'], ['d1']]);
    expect(outcomes).toEqual({ b1: 'accepted', c1: 'PUSHER_REQUEST_REJECTED', d1: 'accepted' });
  });

  it('sends no more bytes in a batch than the server accepts', async () => {
    for (const [maxRequestBytes, expected] of [
      [150, [['b1'], ['c1'], ['d1']]],
      [180, [['b1', 'c1'], ['d1']]],
    ] as const) {
      const { api, publisher } = setUp({ order, maxInFlight: 3 }, { maxRequestBytes });
      for (const name of ['b1', 'c1', 'd1'])
        void publisher.publish(event(name, { data: 'ü'.repeat(20) }));
      await nextTurn();
      expect(api.sent).toEqual(expected);
      expect(Buffer.byteLength(api.at(0).request.body ?? '')).toBeLessThanOrEqual(maxRequestBytes);
    }
  });

  it('sends an event with several channels, and a batch of the caller, as a request of its own', async () => {
    const { api, publisher } = setUp({ order, maxInFlight: 3 });
    const both = publisher.publish(event('x', { channels: ['a', 'b', 'a'], info: 'user_count' }));
    const batch = publisher.publishBatch(batchOf('c1', 'd1'));
    await published(publisher, 'e1', 'f1');
    expect(api.sent).toEqual([['x'], ['c1', 'd1'], ['e1', 'f1']]);
    expect(api.at(0).body).toMatchObject({ channels: ['a', 'b', 'a'], info: 'user_count' });
    await api.at(0).respond({ channels: { a: { user_count: 1 }, b: {} } });
    await api.at(1).respond({ batch: [{ user_count: 2 }] });
    expect({ ...(await both) }).toEqual({ a: { userCount: 1 }, b: {} });
    expect(await batch).toEqual([{ userCount: 2 }, {}]);
  });

  it('sends a batch in the async context of one of its callers', async () => {
    const { api, publisher } = setUp({ order, maxInFlight: 1 });
    const store = new AsyncLocalStorage<string>();
    const contexts: (string | undefined)[] = [];
    const request = api.request.bind(api);
    api.request = (sent) => {
      contexts.push(store.getStore());
      return request(sent);
    };
    for (const name of ['a1', 'b1', 'b2', 'c1'])
      store.run(name, () => void publisher.publish(event(name)).catch(() => undefined));
    await nextTurn();
    store.run('d1', () => void publisher.publishBatch(batchOf('d1')));
    store.run('e1', () => void publisher.publish(event('e1')));
    await api.at(0).rejectWith(400);
    for (let index = 1; index < 5; index += 1) await api.at(index).respond();
    expect(api.sent).toHaveLength(5);
    const strangers = api.sent.filter((names, at) => !names.includes(contexts[at] ?? ''));
    expect(strangers).toEqual([]);
  });

  describe('while no request ends', () => {
    it('sends what has waited for maxDelayMs', async () => {
      const { api, clock, publisher } = setUp({ order });
      await published(publisher, 'a1');
      await published(publisher, 'b1', 'c1');
      await clock.advance(600);
      await published(publisher, 'd1');
      await clock.advance(399);
      expect(api.sent).toEqual([['a1']]);
      await clock.advance(1);
      expect(api.sent).toEqual([['a1'], ['b1', 'c1', 'd1']]);
    });

    it('measures maxDelayMs from the last request that ended', async () => {
      const { api, clock, publisher } = setUp({ order });
      await published(publisher, 'a1');
      await published(publisher, 'b1');
      await clock.advance(1000);
      await published(publisher, 'c1');
      await clock.advance(500);
      await api.at(1).respond();
      await clock.advance(999);
      expect(api.sent).toEqual([['a1'], ['b1']]);
      await clock.advance(1);
      expect(api.sent).toEqual([['a1'], ['b1'], ['c1']]);
    });

    it('sends nothing that would have to wait for a connection', async () => {
      const { api, clock, publisher } = setUp({ order }, { maxEventsPerBatch: 1 });
      await published(publisher, ...'abcde'.split(''));
      await clock.advance(9000);
      expect(api.sent).toEqual([['a'], ['b'], ['c']]);
      await api.at(1).respond();
      expect(api.sent).toEqual([['a'], ['b'], ['c'], ['d']]);
    });

    it('sends in the same turn with a maxDelayMs of 0', async () => {
      const { api, publisher } = setUp({ order, maxDelayMs: 0 });
      await published(publisher, 'a1');
      await published(publisher, 'b1');
      expect(api.sent).toEqual([['a1'], ['b1']]);
    });

    it('runs one timer while something waits, and none otherwise', async () => {
      const { api, clock, publisher } = setUp({ order });
      await published(publisher, 'a1');
      expect(clock.sleeping).toBe(0);
      await published(publisher, 'b1');
      await published(publisher, 'c1');
      expect(clock.sleeping).toBe(1);
      await api.at(0).respond();
      expect(clock.sleeping).toBe(0);
    });
  });

  describe('at the deadline', () => {
    it('rejects what has never been sent, each event at its own time', async () => {
      const { api, clock, publisher } = setUp(
        { order, maxDelayMs: 60_000 },
        { deadlineMs: 600, maxConnections: 1 },
      );
      await published(publisher, 'a1');
      const outcomes = await published(publisher, 'a2', 'b1');
      await clock.advance(300);
      Object.assign(outcomes, { later: await published(publisher, 'b2') });
      await clock.advance(299);
      expect(outcomes).toEqual({ later: {} });
      await clock.advance(1);
      expect(outcomes).toEqual({ a2: 'PUSHER_NOT_SENT', b1: 'PUSHER_NOT_SENT', later: {} });
      await clock.advance(300);
      expect(outcomes).toMatchObject({ later: { b2: 'PUSHER_NOT_SENT' } });
      expect([api.sent, clock.sleeping]).toEqual([[['a1']], 0]);
    });

    it('includes events beyond maxQueued, and batches of callers', async () => {
      const { clock, publisher } = setUp(
        { order, maxQueued: 2 },
        { deadlineMs: 600, maxConnections: 1 },
      );
      await published(publisher, 'a1');
      const outcomes = await published(publisher, ...numbered('b', 30));
      const batch = publisher.publishBatch(batchOf('c1', 'd1')).catch((error: unknown) => error);
      await clock.advance(600);
      expect(Object.keys(outcomes)).toHaveLength(30);
      expect(await batch).toMatchObject({ code: 'PUSHER_NOT_SENT' });
    });

    it('says how many events were waiting, and what to change', async () => {
      const { clock, publisher } = setUp({ order }, { deadlineMs: 600, maxConnections: 1 });
      await published(publisher, 'a1');
      publishAll(publisher, ...numbered('b', 30));
      const rejected = publisher.publish(event('c1')).catch((error: unknown) => error);
      await clock.advance(600);
      const remedy = order === 'none' ? 'http.maxConnections' : "batching.order 'none'";
      expect(await rejected).toMatchObject({
        code: 'PUSHER_NOT_SENT',
        maybeAccepted: false,
        attempts: 0,
        message: expect.stringMatching(
          new RegExp(`waited for 600 ms.*31 events.*${remedy}.*retry\\.deadlineMs`),
        ),
      });
    });

    it('leaves the stacks of other errors as they are', async () => {
      const { clock, publisher } = setUp({ order }, { deadlineMs: 600, maxConnections: 1 });
      Error.stackTraceLimit = 7;
      await published(publisher, 'a1');
      const outcomes = await published(publisher, 'b1');
      await clock.advance(600);
      expect([outcomes, Error.stackTraceLimit]).toEqual([{ b1: 'PUSHER_NOT_SENT' }, 7]);
    });

    it('leaves what is sent only what remains', async () => {
      const { api, clock, publisher } = setUp({ order }, { maxConnections: 1 });
      await published(publisher, 'a1');
      await published(publisher, 'b1');
      await clock.advance(200);
      await published(publisher, 'c1');
      void publisher.publishBatch(batchOf('d1')).catch(() => undefined);
      await clock.advance(300);
      await api.at(0).respond();
      await api.at(1).respond();
      expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['d1']]);
      expect(api.requests.map(({ request }) => request.deadlineMs)).toEqual([10_000, 9500, 9700]);
    });

    it('counts the time that a rejected batch took, and gives it up then', async () => {
      const { api, clock, publisher } = setUp({ order }, { deadlineMs: 600 });
      const outcomes = await published(publisher, 'a1', 'b1', 'c1', 'd1');
      await clock.advance(500);
      await api.at(0).rejectWith(400);
      await clock.advance(100);
      await api.at(1).rejectWith(400);
      expect(api.requests.map(({ request }) => request.deadlineMs)).toEqual([600, 100, 0]);
      expect(outcomes).toEqual({
        a1: 'PUSHER_REQUEST_REJECTED',
        b1: 'PUSHER_REQUEST_REJECTED',
      });
    });
  });

  describe('a full queue', () => {
    it('rejects what does not fit, with whenFull: reject', async () => {
      const { api, publisher } = setUp({ order, maxQueued: 2, whenFull: 'reject' });
      await published(publisher, 'a1');
      const outcomes = await published(publisher, 'b1', 'c1', 'd1');
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
      await published(publisher, 'f1');
      expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['f1']]);
    });

    it('accepts what can be sent at once', async () => {
      const { api, publisher } = setUp({
        order,
        maxInFlight: 2,
        maxQueued: 1,
        whenFull: 'reject',
      });
      const outcomes = await published(publisher, 'a1', 'b1', 'c1', 'd1');
      expect(api.sent).toEqual([['a1'], ['b1']]);
      expect(outcomes).toEqual({ d1: 'PUSHER_NOT_SENT' });
    });

    it('does not make a flush wait for what it has rejected', async () => {
      const { api, publisher } = setUp({ order, maxQueued: 1, whenFull: 'reject' });
      const outcomes = await published(publisher, 'a1', 'b1', 'c1', 'd1');
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

    it('makes callers wait, in order, with whenFull: wait', async () => {
      const { api, publisher } = setUp({ order, maxQueued: 2 }, { maxEventsPerBatch: 2 });
      const outcomes = await published(publisher, ...'abcdefghi'.split(''));
      for (let index = 0; index < 5; index += 1) await api.at(index).respond();
      expect(api.sent).toEqual([['a', 'b'], ['c', 'd'], ['e', 'f'], ['g', 'h'], ['i']]);
      expect(Object.values(outcomes)).toEqual(Array.from({ length: 9 }, () => 'accepted'));
    });

    it('accepts a batch that is larger than the queue when that is empty', async () => {
      const { api, publisher } = setUp({ order, maxQueued: 1, whenFull: 'reject' });
      void publisher.publishBatch(batchOf('a', 'b', 'c'));
      await nextTurn();
      expect(api.sent).toEqual([['a', 'b', 'c']]);
    });
  });

  describe('flush', () => {
    it('resolves at once when nothing is in flight', async () => {
      expect(await isSettled(setUp({ order }).publisher.flush())).toBe(true);
    });

    it('waits for everything published before, whether it succeeds or fails, and for nothing later', async () => {
      const { api, publisher } = setUp({ order });
      await published(publisher, 'a1');
      publishAll(publisher, 'b1', 'c1');
      const flushed = publisher.flush();
      await api.at(0).respond();
      await published(publisher, 'd1');
      expect(await isSettled(flushed)).toBe(false);
      await api.at(1).rejectWith(500);
      expect(await isSettled(flushed)).toBe(true);
      expect(api.sent).toEqual([['a1'], ['b1', 'c1'], ['d1']]);
    });

    it('waits for everything that an earlier flush waits for', async () => {
      const { api, publisher } = setUp({ order });
      await published(publisher, 'a1');
      const [first, second] = [publisher.flush(), publisher.flush()];
      expect([await isSettled(first), await isSettled(second)]).toEqual([false, false]);
      await api.at(0).respond();
      expect([await isSettled(first), await isSettled(second)]).toEqual([true, true]);
    });

    it('resolves after the promises of the callers', async () => {
      const { api, publisher } = setUp({ order });
      const log: string[] = [];
      const callers = [event('a1'), event('b1')].map((given) =>
        publisher.publish(given).then(() => log.push('caller')),
      );
      const flushed = publisher.flush().then(() => log.push('flush'));
      await nextTurn();
      await api.at(0).respond();
      await Promise.all([...callers, flushed]);
      expect(log).toEqual(['caller', 'caller', 'flush']);
    });
  });

  describe('close', () => {
    it('sends what is queued, rejects what comes later, and resolves after the last response', async () => {
      const { api, clock, publisher } = setUp(
        { order },
        { maxConnections: 1, maxEventsPerBatch: 1 },
      );
      const outcomes = publishAll(publisher, 'a1', 'b1', 'c1');
      const closed = publisher.close(5000);
      Object.assign(outcomes, { late: publishAll(publisher, 'd1') });
      await nextTurn();
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

    it('rejects what is queued after nine tenths of the time, and returns what is unfinished at its end', async () => {
      const { api, clock, publisher } = setUp({ order }, { maxConnections: 1 });
      await published(publisher, 'a1', 'b1');
      const outcomes = publishAll(publisher, 'a2', 'b2', 'c1', 'd1');
      const batch = publisher.publishBatch(batchOf('a3', 'b3'));
      const rejected = batch.catch((error: Error) => error.message);
      const closed = publisher.close(5000);
      await clock.advance(4499);
      expect(outcomes).toEqual({});
      await clock.advance(1);
      expect(new Set(Object.values(outcomes))).toEqual(new Set(['PUSHER_NOT_SENT']));
      await clock.advance(499);
      expect(await isSettled(closed)).toBe(false);
      await clock.advance(1);
      expect(await closed).toEqual({ unsent: 6, unanswered: 2 });
      expect(await rejected).toContain('shut down before it could be sent');
      expect(clock.sleeping).toBe(0);
      await api.at(0).respond();
      expect(api.requests).toHaveLength(1);
    });

    it('rejects earlier what takes long to reject', async () => {
      const { clock, publisher } = setUp({ order, maxQueued: 20_000 }, { maxConnections: 1 });
      await published(publisher, 'a1');
      const names = Array.from({ length: 10_000 }, (_, at) => `b${at}`);
      const batch = publisher.publishBatch(batchOf(...names));
      const rejected = batch.catch((error: Error) => error.message);
      const closed = publisher.close(5000);
      await clock.advance(4249);
      expect(await isSettled(rejected)).toBe(false);
      await clock.advance(1);
      expect(await rejected).toContain('shut down before it could be sent');
      await clock.advance(750);
      expect(await closed).toEqual({ unsent: 10_000, unanswered: 1 });
    });

    it('leaves time to reject the callers whose requests get no response', async () => {
      const { clock, publisher } = setUp({ order, maxQueued: 20_000 });
      const names = Array.from({ length: 10_000 }, (_, at) => `b${at}`);
      void publisher.publishBatch(batchOf(...names));
      await nextTurn();
      const closed = publisher.close(5000);
      await clock.advance(4749);
      expect(await isSettled(closed)).toBe(false);
      await clock.advance(1);
      expect(await closed).toEqual({ unsent: 0, unanswered: 10_000 });
    });

    it('can be called again', async () => {
      const { publisher } = setUp({ order });
      await publisher.close(0);
      expect(await publisher.close(0)).toEqual({ unsent: 0, unanswered: 0 });
    });
  });
});

describe('BatchingPublisher with order: none', () => {
  it('has several requests with events of a channel in flight', async () => {
    const { api, publisher } = setUp();
    await published(publisher, ...numbered('a', 30));
    expect(api.sent).toEqual([
      numbered('a', 30).slice(0, 10),
      numbered('a', 30).slice(10, 20),
      numbered('a', 30).slice(20),
    ]);
  });
});

describe('BatchingPublisher with order: channel', () => {
  it('has one request per channel in flight, even while others could be sent', async () => {
    const { api, publisher } = setUp({ order: 'channel', maxInFlight: 9 });
    await published(publisher, ...numbered('a', 11), 'b1');
    expect(api.sent).toEqual([numbered('a', 10), ['b1']]);
    await api.at(0).rejectWith(503);
    expect(api.sent.slice(2)).toEqual([['a11']]);
  });

  it('lets no event overtake another of its channel, however long that takes', async () => {
    const { api, clock, publisher } = setUp({ order: 'channel' });
    await published(publisher, 'a1');
    await published(publisher, 'a2', 'b1');
    await clock.advance(5000);
    expect(api.sent).toEqual([['a1'], ['b1']]);
  });

  it('sends no third request to a server that never responds within the deadline', async () => {
    const { api, clock, publisher } = setUp({ order: 'channel' }, { deadlineMs: 1500 });
    const outcomes = await published(publisher, ...numbered('a', 100));
    await clock.advance(1000);
    await api.at(0).rejectWith(504);
    expect(api.requests.map(({ request }) => request.deadlineMs)).toEqual([1500, 500]);
    await clock.advance(500);
    await api.at(1).rejectWith(504);
    expect(api.sent).toEqual([numbered('a', 10), numbered('a', 20).slice(10)]);
    expect(Object.values(outcomes).filter((code) => code === 'PUSHER_NOT_SENT')).toHaveLength(80);
    expect(Object.keys(outcomes)).toHaveLength(100);
  });

  it('includes events with several channels', async () => {
    const { api, publisher } = setUp({ order: 'channel', maxInFlight: 9 });
    await published(publisher, 'a1');
    await published(publisher, 'b1');
    void publisher.publish(event('x', { channels: ['a', 'b', 'a'] }));
    await published(publisher, 'a2', 'b2');
    await api.at(0).respond();
    expect(api.sent).toEqual([['a1'], ['b1']]);
    await api.at(1).respond();
    expect(api.sent.slice(2)).toEqual([['x']]);
    await api.at(2).respond();
    expect(api.sent.slice(3)).toEqual([['a2', 'b2']]);
  });

  it('includes batches of the caller', async () => {
    const { api, publisher } = setUp({ order: 'channel', maxInFlight: 9 });
    await published(publisher, 'a1');
    void publisher.publishBatch(batchOf('a2', 'b1'));
    await published(publisher, 'b2', 'c1');
    expect(api.sent).toEqual([['a1'], ['c1']]);
    await api.at(0).respond();
    expect(api.sent.slice(2)).toEqual([['a2', 'b1']]);
    await api.at(2).respond();
    expect(api.sent.slice(3)).toEqual([['b2']]);
  });
});
