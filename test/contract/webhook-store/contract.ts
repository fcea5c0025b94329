import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { WebhookStore } from '../../../lib/options/webhook.options.js';

/** A store under test, and the time that it lives in. */
export interface StoreStage {
  store: WebhookStore;
  advance: (milliseconds: number) => void;
}

/** What every store of finished webhook events has to do. */
export function webhookStoreContract(name: string, make: () => StoreStage): void {
  describe(`${name} as WebhookStore`, () => {
    let { store, advance } = {} as StoreStage;
    beforeEach(() => {
      ({ store, advance } = make());
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('returns undefined for a key that was never set', async () => {
      await store.set('another', 'value', 1000);
      expect(await store.get('key')).toBeUndefined();
    });

    it.each(['done', '', 'ä\u0000\n"', 'a'.repeat(10_000)])(
      'returns %j as it was set',
      async (value) => {
        await store.set('key', value, 1000);
        expect(await store.get('key')).toBe(value);
        expect(await store.get('key')).toBe(value);
      },
    );

    it('keeps the values of keys apart that differ in one character', async () => {
      await Promise.all(
        ['pusher:a', 'pusher:A', 'pusher:a:'].map((key) => store.set(key, key, 1000)),
      );
      expect(await store.get('pusher:a')).toBe('pusher:a');
      expect(await store.get('pusher:A')).toBe('pusher:A');
      expect(await store.get('pusher:a:')).toBe('pusher:a:');
    });

    it('replaces the value of a key', async () => {
      await store.set('key', 'claim', 1000);
      await store.set('key', 'done', 1000);
      expect(await store.get('key')).toBe('done');
    });

    it('keeps a value for its time to live, and no longer', async () => {
      await store.set('key', 'value', 1000);
      await store.set('longer', 'value', 5000);
      advance(999);
      expect(await store.get('key')).toBe('value');
      advance(2);
      expect(await store.get('key')).toBeUndefined();
      expect(await store.get('longer')).toBe('value');
    });

    it.each([
      ['longer', 1000, 5000, 'second'],
      ['shorter', 5000, 1000, undefined],
    ])('gives a replaced value its %s time to live', async (_how, before, after, found) => {
      await store.set('key', 'first', before);
      await store.set('key', 'second', after);
      advance(2000);
      expect(await store.get('key')).toBe(found);
    });

    it('can set a key again after its time to live', async () => {
      await store.set('key', 'first', 1000);
      advance(1001);
      await store.set('key', 'second', 1000);
      expect(await store.get('key')).toBe('second');
    });
  });
}
