import { describe, expect, it } from '@jest/globals';
import { Keyv } from 'keyv';
import type { WebhookStore } from '../../../../lib/options/webhook.options.js';
import { MemoryWebhookStore } from '../../../../lib/webhooks/dedupe/memory-store.js';
import { WebhookLedger } from '../../../../lib/webhooks/dedupe/ledger.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';

const noFault = (error: unknown): never => {
  throw error;
};

/** Two ledgers over one store, as two instances of an application have them. */
function instances(store: WebhookStore): [WebhookLedger, WebhookLedger] {
  return [new WebhookLedger(store, 1000, noFault), new WebhookLedger(store, 1000, noFault)];
}

/** Work that notes itself and ends when it is told to. */
class Work {
  begun = 0;
  end: (isDone: boolean) => void = () => undefined;

  readonly run = (): Promise<boolean> => {
    this.begun += 1;
    return new Promise((resolve) => {
      this.end = resolve;
    });
  };

  async ended(isDone: boolean): Promise<void> {
    while (this.begun === 0) await Promise.resolve();
    this.end(isDone);
  }
}

const done = (): Promise<boolean> => Promise.resolve(true);
const failed = (): Promise<boolean> => Promise.resolve(false);
const unwanted = (): never => {
  throw new Error('must not run');
};

describe.each<[string, () => WebhookStore]>([
  ['memory', () => new MemoryWebhookStore(new ManualClock())],
  ['Keyv', () => new Keyv()],
])('WebhookLedger over %s', (_name, makeStore) => {
  it('does finished work no more, here and elsewhere', async () => {
    const [here, there] = instances(makeStore());
    expect(await here.once('a', done)).toBe('done');
    expect(await here.once('a', unwanted)).toBe('done');
    expect(await there.once('a', unwanted)).toBe('done');
    expect(await here.once('b', failed)).toBe('failed');
  });

  it('does failed work again, here and elsewhere', async () => {
    const [here, there] = instances(makeStore());
    expect(await here.once('a', failed)).toBe('failed');
    expect(await here.once('a', failed)).toBe('failed');
    expect(await there.once('a', done)).toBe('done');
    expect(await here.once('a', unwanted)).toBe('done');
  });

  it.each([true, false])('joins work under way here, finished: %s', async (isDone) => {
    const [here] = instances(makeStore());
    const work = new Work();
    const outcomes = Promise.all([here.once('a', work.run), here.once('a', unwanted)]);
    await work.ended(isDone);
    const outcome = isDone ? 'done' : 'failed';
    expect(await outcomes).toEqual([outcome, outcome]);
    expect(work.begun).toBe(1);
  });

  it('leaves work alone that is under way elsewhere', async () => {
    const [here, there] = instances(makeStore());
    const work = new Work();
    const outcome = here.once('a', work.run);
    while (work.begun === 0) await Promise.resolve();
    expect(await there.once('a', unwanted)).toBe('elsewhere');
    work.end(true);
    expect(await outcome).toBe('done');
  });

  it('does work once when two instances begin at the same moment', async () => {
    const [here, there] = instances(makeStore());
    const work = new Work();
    const outcomes = Promise.all([here.once('a', work.run), there.once('a', work.run)]);
    await work.ended(true);
    expect((await outcomes).toSorted()).toEqual(['done', 'elsewhere']);
    expect(work.begun).toBe(1);
  });
});

describe('WebhookLedger', () => {
  it('takes over from an instance that has gone', async () => {
    const clock = new ManualClock();
    const [gone, here] = instances(new MemoryWebhookStore(clock));
    void gone.once('a', () => new Promise(() => undefined));
    await clock.advance(59_999);
    expect(await here.once('a', unwanted)).toBe('elsewhere');
    await clock.advance(1);
    expect(await here.once('a', done)).toBe('done');
  });

  it('forgets after the time to live', async () => {
    const clock = new ManualClock();
    const [here] = instances(new MemoryWebhookStore(clock));
    await here.once('a', done);
    await clock.advance(999);
    expect(await here.once('a', unwanted)).toBe('done');
    await clock.advance(1);
    expect(await here.once('a', failed)).toBe('failed');
  });

  it('works without a store that fails, and tells of it', async () => {
    const faults: unknown[] = [];
    const fault = new Error('down');
    const store = { get: () => Promise.reject(fault), set: () => Promise.reject(fault) };
    const ledger = new WebhookLedger(store, 1000, (error) => faults.push(error));
    expect(await ledger.once('a', done)).toBe('done');
    expect(await ledger.once('a', failed)).toBe('failed');
    expect([faults.length, new Set(faults)]).toEqual([8, new Set([fault])]);
  });

  it('works without a store that throws at once', async () => {
    const faults: unknown[] = [];
    const store = { get: unwanted, set: unwanted };
    const ledger = new WebhookLedger(store, 1000, (error) => faults.push(error));
    expect(await ledger.once('a', done)).toBe('done');
    expect(faults).toHaveLength(4);
  });
});

describe('MemoryWebhookStore', () => {
  it('keeps an entry as long as it is told', async () => {
    const clock = new ManualClock();
    const store = new MemoryWebhookStore(clock);
    await store.set('short', 1, 10);
    await store.set('long', 2, 1000);
    await store.set('always', 3);
    await clock.advance(10);
    expect(
      await Promise.all(['short', 'long', 'always', 'none'].map((key) => store.get(key))),
    ).toEqual([undefined, 2, 3, undefined]);
  });

  it('drops the oldest beyond 100 000 entries, those set again last', async () => {
    const store = new MemoryWebhookStore(new ManualClock());
    for (let n = 0; n < 100_000; n += 1) void store.set(`k${n}`, n, 1000);
    void store.set('k1', 'again', 1000);
    expect(await store.get('k0')).toBe(0);
    void store.set('one more', 1, 1000);
    void store.set('another', 1, 1000);
    const kept = await Promise.all(['k0', 'k1', 'k2', 'k3'].map((key) => store.get(key)));
    expect(kept).toEqual([undefined, 'again', undefined, 3]);
  });
});
