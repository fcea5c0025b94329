import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { TimedWebhookStore } from '../../../../lib/webhooks/dedupe/timed-store.js';
import { AtomicStore, sharedDedupe } from '../../../support/webhooks/stores.js';
import { done, once } from '../../../support/webhooks/work.js';

const never = (): Promise<never> => new Promise(() => undefined);
const now = (): Promise<string> => Promise.resolve('value');

describe('TimedWebhookStore', () => {
  it('passes on the results and errors of the store', async () => {
    const clock = new ManualClock();
    const refusing = (): Promise<never> => Promise.reject(new Error('no such server'));
    const throwing = (): never => {
      throw new Error('closed');
    };
    expect(await new TimedWebhookStore({ get: now, set: now }, clock).get('a')).toBe('value');
    const refused = new TimedWebhookStore({ get: refusing, set: throwing }, clock);
    await expect(refused.get('a')).rejects.toThrow('no such server');
    await expect(refused.set('a', 1)).rejects.toThrow('closed');
  });

  it('waits one second, then does not use the store for ten', async () => {
    const clock = new ManualClock();
    let calls = 0;
    const get = (): Promise<unknown> => ((calls += 1) === 1 ? never() : now());
    const store = new TimedWebhookStore({ get, set: never }, clock);
    const [first] = await Promise.allSettled([store.get('a'), clock.advance(1000)]);
    expect(first).toMatchObject({ reason: { message: 'no response within 1000 ms' } });
    await expect(store.get('a')).rejects.toThrow('no response');
    expect(calls).toBe(1);
    await clock.advance(10_000);
    expect(await store.get('a')).toBe('value');
  });

  it('offers the operations that the store has, with the same limit', async () => {
    const clock = new ManualClock();
    const plain = new TimedWebhookStore({ get: now, set: now }, clock);
    expect([plain.setIfAbsent, plain.delete]).toEqual([undefined, undefined]);
    const store = new TimedWebhookStore(new AtomicStore(), clock);
    expect(await store.setIfAbsent?.('a', 'one', 1000)).toBe('one');
    expect(await store.setIfAbsent?.('a', 'two', 1000)).toBe('one');
    await store.delete?.('a');
    expect(await store.get('a')).toBeUndefined();
    const silent = new TimedWebhookStore(
      { get: now, set: now, setIfAbsent: never, delete: never },
      clock,
    );
    for (const wait of [silent.setIfAbsent?.('a', 'one', 1000), silent.delete?.('a')]) {
      const [first] = await Promise.allSettled([wait, clock.advance(1000)]);
      expect(first).toMatchObject({ reason: { message: 'no response within 1000 ms' } });
    }
  });

  it('does not keep work waiting for a store that never settles', async () => {
    const clock = new ManualClock();
    const store = new TimedWebhookStore({ get: never, set: never }, clock);
    const { dedupe, faults } = sharedDedupe(store, { clock });
    const outcome = once(dedupe, 'a', done);
    await clock.advance(1000);
    expect(await outcome).toBe('done');
    expect(faults).toHaveLength(2);
  });
});
