import { describe, expect, it } from '@jest/globals';
import { WarningLimiter } from '../../../lib/runtime/warning-limiter.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

describe('WarningLimiter', () => {
  it('lets the first occurrence through, then counts for a minute', async () => {
    const clock = new ManualClock();
    const limiter = new WarningLimiter(clock);
    expect([limiter.next('a'), limiter.next('a'), limiter.next('a')]).toEqual([1, 0, 0]);
    await clock.advance(59_999);
    expect(limiter.next('a')).toBe(0);
    await clock.advance(1);
    expect([limiter.next('a'), limiter.next('a')]).toEqual([4, 0]);
  });

  it('counts each subject by itself', () => {
    const limiter = new WarningLimiter(new ManualClock());
    expect([limiter.next('a'), limiter.next('b'), limiter.next('a')]).toEqual([1, 1, 0]);
  });
});
