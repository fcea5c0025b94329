import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { MemoryDedupe } from '../../../../lib/webhooks/dedupe/webhook-dedupe.js';
import { done, failed, once, unwanted } from '../../../support/webhooks/work.js';

describe('MemoryDedupe', () => {
  it('forgets finished work exactly after its time to live', async () => {
    const clock = new ManualClock();
    const dedupe = new MemoryDedupe(1000, clock);
    await once(dedupe, 'a', done);
    await clock.advance(999);
    expect(await once(dedupe, 'a', unwanted)).toBe('done');
    await clock.advance(1);
    expect(await once(dedupe, 'a', failed)).toBe('failed');
  });

  it('forgets the oldest work beyond 100 000 entries', async () => {
    const dedupe = new MemoryDedupe(1000, new ManualClock());
    for (let n = 0; n < 100_000; n += 1) await once(dedupe, `k${n}`, done);
    expect(await once(dedupe, 'k0', unwanted)).toBe('done');
    await once(dedupe, 'one more', done);
    expect(await once(dedupe, 'k1', unwanted)).toBe('done');
    expect(await once(dedupe, 'one more', unwanted)).toBe('done');
    expect(await once(dedupe, 'k0', failed)).toBe('failed');
  });

  it('forgets expired work before any that it still has to remember', async () => {
    const clock = new ManualClock();
    const dedupe = new MemoryDedupe(1000, clock);
    await once(dedupe, 'old', done);
    await clock.advance(500);
    for (let n = 0; n < 99_999; n += 1) await once(dedupe, `k${n}`, done);
    await clock.advance(500);
    await once(dedupe, 'one more', done);
    expect(await once(dedupe, 'k0', unwanted)).toBe('done');
    expect(await once(dedupe, 'old', failed)).toBe('failed');
  });

  it('runs the events of one webhook one after another, in their order', async () => {
    const dedupe = new MemoryDedupe(1000, new ManualClock());
    const log: string[] = [];
    const handle = async (position: number): Promise<boolean> => {
      log.push(`begins ${position}`);
      await Promise.resolve();
      log.push(`ends ${position}`);
      return true;
    };
    await dedupe.run({ key: 'a', positions: [2, 4, 7], handle });
    expect(log).toEqual(['begins 2', 'ends 2', 'begins 4', 'ends 4', 'begins 7', 'ends 7']);
  });

  it('runs only those events again that have not finished', async () => {
    const dedupe = new MemoryDedupe(1000, new ManualClock());
    const seen: number[] = [];
    const handle = (position: number): Promise<boolean> => {
      seen.push(position);
      return Promise.resolve(position !== 4 || seen.length > 3);
    };
    const work = { key: 'a', positions: [2, 4, 7], handle };
    expect(await dedupe.run(work)).toEqual({ skipped: [], unfinished: [4] });
    expect(await dedupe.run(work)).toEqual({ skipped: [2, 7], unfinished: [] });
    expect(await dedupe.run(work)).toEqual({ skipped: [2, 4, 7], unfinished: [] });
    expect(seen).toEqual([2, 4, 7, 4]);
  });
});
