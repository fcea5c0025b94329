import { describe, expect, it } from '@jest/globals';
import { endsWithin } from '../../../lib/runtime/ends-within.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

const never = new Promise(() => undefined);

describe('waiting for work within a time', () => {
  it.each([
    ['ends well', Promise.resolve()],
    ['fails', Promise.reject(new Error('no'))],
  ])('is over when the work %s, and leaves no timer', async (_how, work) => {
    const clock = new ManualClock();
    await expect(endsWithin(1000, work, clock)).resolves.toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it('is over when the time is', async () => {
    const clock = new ManualClock();
    const ended = endsWithin(1000, never, clock);
    await clock.advance(999);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    await expect(ended).resolves.toBe(false);
  });
});
