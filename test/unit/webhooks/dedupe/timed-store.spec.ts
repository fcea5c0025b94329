import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { TimedWebhookStore } from '../../../../lib/webhooks/dedupe/timed-store.js';
import { WebhookLedger } from '../../../../lib/webhooks/dedupe/ledger.js';

const never = (): Promise<never> => new Promise(() => undefined);
const now = (): Promise<string> => Promise.resolve('value');

describe('TimedWebhookStore', () => {
  it('hands on answers and faults', async () => {
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

  it('waits a second, then asks no more for ten', async () => {
    const clock = new ManualClock();
    let asked = 0;
    const get = (): Promise<unknown> => ((asked += 1) === 1 ? never() : now());
    const store = new TimedWebhookStore({ get, set: never }, clock);
    const [first] = await Promise.allSettled([store.get('a'), clock.advance(1000)]);
    expect(first).toMatchObject({ reason: { message: 'no answer within 1000 ms' } });
    await expect(store.get('a')).rejects.toThrow('no answer');
    expect(asked).toBe(1);
    await clock.advance(10_000);
    expect(await store.get('a')).toBe('value');
  });

  it('does not keep work waiting for ever', async () => {
    const clock = new ManualClock();
    const store = new TimedWebhookStore({ get: never, set: never }, clock);
    const faults: unknown[] = [];
    const ledger = new WebhookLedger(store, 1000, (error) => faults.push(error));
    const outcome = ledger.once('a', () => Promise.resolve(true));
    await clock.advance(1000);
    expect(await outcome).toBe('done');
    expect(faults).toHaveLength(4);
  });
});
