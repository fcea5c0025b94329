import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { SharedLedger } from '../../../../lib/webhooks/dedupe/ledger.js';
import { TimedWebhookStore } from '../../../../lib/webhooks/dedupe/timed-store.js';
import { done } from '../../../support/webhooks/work.js';

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

  it('does not keep work waiting for a store that never settles', async () => {
    const clock = new ManualClock();
    const store = new TimedWebhookStore({ get: never, set: never }, clock);
    const faults: unknown[] = [];
    const ledger = new SharedLedger(store, 1000, (error) => faults.push(error));
    const outcome = ledger.once('a', done);
    await clock.advance(1000);
    expect(await outcome).toBe('done');
    expect(faults).toHaveLength(4);
  });
});
