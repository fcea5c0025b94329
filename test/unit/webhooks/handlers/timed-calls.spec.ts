import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { HandlerTimeout, TimedCalls } from '../../../../lib/webhooks/handlers/timed-calls.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('TimedCalls', () => {
  it('settles as its calls do', async () => {
    const calls = new TimedCalls(100, new ManualClock());
    await expect(calls.call(() => Promise.resolve(7))).resolves.toBe(7);
    await expect(calls.call(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('gives each call the same time, however long those before it took', async () => {
    const clock = new ManualClock();
    const calls = new TimedCalls(100, clock);
    for (let n = 0; n < 5; n += 1) await calls.call(() => clock.advance(99));
    const late = calls.call(never).catch((error: unknown) => error);
    await clock.advance(99);
    expect(await Promise.race([late, Promise.resolve('running')])).toBe('running');
    await clock.advance(1);
    expect(await late).toBeInstanceOf(HandlerTimeout);
  });

  it('aborts the signal of the call that takes too long, and of no other', async () => {
    const clock = new ManualClock();
    const calls = new TimedCalls(100, clock);
    const signals: AbortSignal[] = [];
    const stuck = (signal: AbortSignal) => (signals.push(signal), never());
    const first = calls.call(stuck).catch((error: unknown) => error);
    await clock.advance(100);
    const second = calls.call(stuck).catch((error: unknown) => error);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(signals[0]?.reason).toBe(await first);
    await clock.advance(100);
    expect(signals[1]?.reason).toBe(await second);
  });

  it('leaves no timer behind', async () => {
    const clock = new ManualClock();
    const calls = new TimedCalls(100, clock);
    await calls.call(() => Promise.resolve());
    expect(clock.sleeping).toBe(1);
    calls.end();
    expect(clock.sleeping).toBe(0);
  });
});
