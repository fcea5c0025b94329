import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { WebhookDedupe } from '../../../lib/webhooks/dedupe/webhook-dedupe.js';
import { done, failed, HeldWork, unwanted, once } from '../../support/webhooks/work.js';

/** How long the dedupes under test remember finished work, in milliseconds. */
export const TTL_MS = 1000;

/** A dedupe under test, and the time that it lives in. */
export interface DedupeStage {
  dedupe: WebhookDedupe;
  advance: (milliseconds: number) => void | Promise<void>;
}

/** What every dedupe has to do within one process. */
export function webhookDedupeContract(name: string, make: () => DedupeStage): void {
  describe(`${name} as WebhookDedupe`, () => {
    let { dedupe, advance } = {} as DedupeStage;
    beforeEach(() => {
      ({ dedupe, advance } = make());
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('runs work once when it has finished', async () => {
      expect(await once(dedupe, 'a', done)).toBe('done');
      expect(await once(dedupe, 'a', unwanted)).toBe('done');
    });

    it('runs failed work again until it has finished', async () => {
      expect(await once(dedupe, 'a', failed)).toBe('failed');
      expect(await once(dedupe, 'a', failed)).toBe('failed');
      expect(await once(dedupe, 'a', done)).toBe('done');
      expect(await once(dedupe, 'a', unwanted)).toBe('done');
    });

    it('keeps the work of several keys apart', async () => {
      expect(await once(dedupe, 'a', done)).toBe('done');
      expect(await once(dedupe, 'b', failed)).toBe('failed');
      expect(await once(dedupe, 'c', done)).toBe('done');
    });

    it.each([
      ['finishes', true, 'done'],
      ['fails', false, 'failed'],
    ])('joins work that is already running and %s', async (_how, isDone, outcome) => {
      const work = new HeldWork();
      const outcomes = Promise.all([once(dedupe, 'a', work.run), once(dedupe, 'a', unwanted)]);
      await work.started;
      const late = once(dedupe, 'a', unwanted);
      await work.end(isDone);
      expect([...(await outcomes), await late]).toEqual([outcome, outcome, outcome]);
      expect(work.starts).toBe(1);
    });

    it('runs work again that failed while others had joined it', async () => {
      const work = new HeldWork();
      const outcomes = Promise.all([once(dedupe, 'a', work.run), once(dedupe, 'a', unwanted)]);
      await work.end(false);
      await outcomes;
      expect(await once(dedupe, 'a', done)).toBe('done');
    });

    it('remembers finished work for its time to live, counted from its end', async () => {
      const work = new HeldWork();
      const outcome = once(dedupe, 'a', work.run);
      await work.started;
      await advance(TTL_MS);
      await work.end(true);
      await outcome;
      await advance(TTL_MS - 1);
      expect(await once(dedupe, 'a', unwanted)).toBe('done');
      await advance(2);
      expect(await once(dedupe, 'a', failed)).toBe('failed');
    });
  });
}
