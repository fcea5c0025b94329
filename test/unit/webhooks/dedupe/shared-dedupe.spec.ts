import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Keyv } from 'keyv';
import type { WebhookStore } from '../../../../lib/options/webhook.options.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { stopDate } from '../../../support/runtime/manual-date.js';
import { AtomicStore, sharedDedupe } from '../../../support/webhooks/stores.js';
import { done, failed, HeldWork, once, unwanted } from '../../../support/webhooks/work.js';

/** A store without `delete` either, as an application may write it. */
function minimal(): WebhookStore {
  const store = new AtomicStore();
  return {
    get: (key) => store.get(key),
    set: (key, value, ttlMs) => store.set(key, value, ttlMs),
  };
}

const STORES: readonly (readonly [string, () => WebhookStore])[] = [
  ['Keyv', () => new Keyv()],
  ['a store with setIfAbsent', () => new AtomicStore()],
  ['a store with get and set', minimal],
];

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(STORES)('two instances over %s', (_name, make) => {
  const instances = () => {
    const store = make();
    return [sharedDedupe(store).dedupe, sharedDedupe(store).dedupe] as const;
  };

  it('do not run work that the other one has finished', async () => {
    const [here, there] = instances();
    expect(await once(here, 'a', done)).toBe('done');
    expect(await once(there, 'a', unwanted)).toBe('done');
  });

  it('run work that failed in the other one, at once', async () => {
    const [here, there] = instances();
    expect(await once(here, 'a', failed)).toBe('failed');
    expect(await once(there, 'a', done)).toBe('done');
    expect(await once(here, 'a', unwanted)).toBe('done');
  });

  it('leave work alone that the other one is running', async () => {
    const [here, there] = instances();
    const work = new HeldWork();
    const outcome = once(here, 'a', work.run);
    await work.started;
    expect(await once(there, 'a', unwanted)).toBe('elsewhere');
    await work.end(true);
    expect(await outcome).toBe('done');
  });

  it('run work once when they start at the same moment', async () => {
    const [here, there] = instances();
    const work = new HeldWork();
    const outcomes = Promise.all([once(here, 'a', work.run), once(there, 'a', work.run)]);
    await work.end(true);
    expect((await outcomes).toSorted()).toEqual(['done', 'elsewhere']);
    expect(work.starts).toBe(1);
  });

  it('run those events of a webhook that the other one has not finished', async () => {
    const [here, there] = instances();
    const seen: string[] = [];
    const work = (where: string) => ({
      key: 'a',
      positions: [0, 1, 3],
      handle: (position: number) =>
        Promise.resolve(seen.push(`${where} ${position}`) > 3 || position !== 1),
    });
    expect(await here.run(work('here'))).toEqual({ skipped: [], unfinished: [1] });
    expect(await there.run(work('there'))).toEqual({ skipped: [0, 3], unfinished: [] });
    expect(await here.run(work('here'))).toEqual({ skipped: [0, 1, 3], unfinished: [] });
    expect(seen).toEqual(['here 0', 'here 1', 'here 3', 'there 1']);
  });
});

describe('SharedDedupe', () => {
  it('takes over from an instance that has crashed, after a minute, without what was finished', async () => {
    const clock = new ManualClock();
    const store = new AtomicStore(clock);
    const [crashed, here] = [
      sharedDedupe(store, { ttlMs: 600_000 }).dedupe,
      sharedDedupe(store, { clock, ttlMs: 600_000 }).dedupe,
    ];
    const work = new HeldWork();
    const firstDone = (position: number) => (position === 0 ? done() : work.run());
    void crashed.run({ key: 'a', positions: [0, 1], handle: firstDone });
    await work.started;
    await clock.advance(59_999);
    expect(await once(here, 'a', unwanted)).toBe('elsewhere');
    await clock.advance(2);
    const seen: number[] = [];
    const handle = (position: number) => Promise.resolve(seen.push(position) > 0);
    const report = await here.run({ key: 'a', positions: [0, 1], handle });
    expect([report, seen]).toEqual([{ skipped: [0], unfinished: [] }, [1]]);
  });

  it('keeps its claim for as long as the work is running', async () => {
    const clock = new ManualClock();
    const store = new AtomicStore(clock);
    const [here, there] = [sharedDedupe(store, { clock }).dedupe, sharedDedupe(store).dedupe];
    const work = new HeldWork();
    const outcome = once(here, 'a', work.run);
    await work.started;
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.advance(60_000);
      expect(await once(there, 'a', unwanted)).toBe('elsewhere');
    }
    await work.end(true);
    expect([await outcome, clock.sleeping]).toEqual(['done', 0]);
  });

  it('stops when another instance may have taken over, as after a suspension', async () => {
    const time = new ManualClock();
    const store = new AtomicStore(time);
    const stopped = new ManualClock();
    const { dedupe } = sharedDedupe(store, { clock: stopped });
    const work = new HeldWork();
    const seen: number[] = [];
    const handle = (position: number) => (seen.push(position), work.run());
    const report = dedupe.run({ key: 'a', positions: [0, 1], handle });
    await work.started;
    await time.advance(61_000);
    const there = sharedDedupe(store, { clock: time }).dedupe;
    const taken = new HeldWork();
    const outcome = once(there, 'a', taken.run);
    await taken.started;
    jest.spyOn(stopped, 'elapsed').mockReturnValue(stopped.now() + 61_000);
    await work.end(true);
    expect([await report, seen]).toEqual([{ skipped: [], unfinished: [1] }, [0]]);
    expect(await once(sharedDedupe(store).dedupe, 'a', unwanted)).toBe('elsewhere');
    await taken.end(true);
    expect(await outcome).toBe('done');
  });

  it('decides with one operation, and records with one more', async () => {
    const store = new AtomicStore();
    await once(sharedDedupe(store).dedupe, 'a', done);
    expect(store.calls).toEqual({ get: 0, set: 1, setIfAbsent: 1, delete: 0 });
    await once(sharedDedupe(store).dedupe, 'a', unwanted);
    expect(store.calls).toEqual({ get: 0, set: 1, setIfAbsent: 2, delete: 0 });
  });

  it('uses a bounded number of operations for a webhook of a thousand events', async () => {
    const store = new AtomicStore();
    const positions = Array.from({ length: 1000 }, (_, at) => at);
    const report = await sharedDedupe(store).dedupe.run({ key: 'a', positions, handle: done });
    expect(report.unfinished).toEqual([]);
    const { get, set, setIfAbsent } = store.calls;
    expect([get, setIfAbsent]).toEqual([1, 1]);
    expect(set).toBeLessThan(1000);
    const before = { ...store.calls };
    await sharedDedupe(store).dedupe.run({ key: 'a', positions, handle: unwanted });
    expect(store.calls).toEqual({ ...before, setIfAbsent: 2 });
  });

  it('recognizes its own claim, which a store accepted after it had been given up', async () => {
    const store = new AtomicStore();
    const { dedupe, faults } = sharedDedupe(store);
    const slow = store.setIfAbsent.bind(store);
    jest.spyOn(store, 'setIfAbsent').mockImplementationOnce(async (...args) => {
      await slow(...args);
      throw new Error('no response');
    });
    expect(await once(dedupe, 'a', failed)).toBe('failed');
    expect(await once(dedupe, 'a', done)).toBe('done');
    expect(faults).toHaveLength(1);
  });

  it('leaves work alone whose claim expired between writing and reading it', async () => {
    const store = new AtomicStore();
    jest.spyOn(store, 'setIfAbsent').mockResolvedValueOnce(undefined);
    expect(await once(sharedDedupe(store).dedupe, 'a', unwanted)).toBe('elsewhere');
  });
});

describe('with a store that is down', () => {
  const down = new Error('down');
  const broken = [
    ['rejects', () => Promise.reject(down)],
    [
      'throws',
      () => {
        throw down;
      },
    ],
  ] as const;

  it.each(broken)('runs the work when the store %s, and reports the errors', async (_how, fail) => {
    const { dedupe, faults } = sharedDedupe({ get: fail, set: fail, setIfAbsent: fail });
    expect(await once(dedupe, 'a', failed)).toBe('failed');
    expect(await once(dedupe, 'a', done)).toBe('done');
    expect(new Set(faults)).toEqual(new Set([down]));
  });

  it('remembers in this process what has finished', async () => {
    const store = new AtomicStore();
    const { dedupe } = sharedDedupe(store);
    store.fault = down;
    expect(await once(dedupe, 'a', done)).toBe('done');
    expect(await once(dedupe, 'a', unwanted)).toBe('done');
    store.fault = undefined;
    expect(await once(dedupe, 'a', unwanted)).toBe('done');
  });

  it('tells the store what has finished when it works again', async () => {
    const store = new AtomicStore();
    const { dedupe } = sharedDedupe(store);
    store.fault = down;
    for (const key of ['a', 'b', 'c']) await once(dedupe, key, done);
    await once(dedupe, 'd', failed);
    store.fault = undefined;
    await once(dedupe, 'e', done);
    const there = sharedDedupe(store).dedupe;
    for (const key of ['a', 'b', 'c', 'e']) expect(await once(there, key, unwanted)).toBe('done');
    expect(await once(there, 'd', done)).toBe('done');
  });

  it('runs work that was finished elsewhere while it is down, and not when it is back', async () => {
    const store = new AtomicStore();
    const [here, there] = [sharedDedupe(store).dedupe, sharedDedupe(store).dedupe];
    await once(here, 'a', done);
    store.fault = down;
    expect(await once(there, 'a', failed)).toBe('failed');
    store.fault = undefined;
    expect(await once(there, 'a', unwanted)).toBe('done');
  });
});

describe('a store that keeps the time of the machine', () => {
  it('forgets a claim after a minute', async () => {
    const advance = stopDate();
    const store = new Keyv();
    const work = new HeldWork();
    void once(sharedDedupe(store).dedupe, 'a', work.run);
    await work.started;
    advance(60_001);
    expect(await once(sharedDedupe(store).dedupe, 'a', done)).toBe('done');
  });
});
