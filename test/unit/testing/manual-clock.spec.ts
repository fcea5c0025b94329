import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../lib/testing/index.js';

describe('ManualClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new ManualClock(1000);
    expect(clock.now()).toBe(1000);
    await clock.advance(5);
    expect([clock.now(), clock.elapsed()]).toEqual([1005, 1005]);
  });

  it('starts at the current time', () => {
    expect(Math.abs(new ManualClock().now() - Date.now())).toBeLessThan(1000);
  });

  it('wakes sleepers at their time and in their order', async () => {
    const clock = new ManualClock(0);
    const woken: [string, number][] = [];
    const sleep = async (name: string, milliseconds: number) => {
      await clock.sleep(milliseconds);
      woken.push([name, clock.now()]);
    };
    void sleep('late', 30);
    void sleep('early', 10).then(() => sleep('again', 15));
    await clock.advance(30);
    expect(woken).toEqual([
      ['early', 10],
      ['again', 25],
      ['late', 30],
    ]);
  });

  it('calls back at the time, unless that is cancelled', async () => {
    const clock = new ManualClock(0);
    const calls: [string, number][] = [];
    clock.after(10, () => calls.push(['due', clock.now()]));
    const cancel = clock.after(5, () => calls.push(['cancelled', clock.now()]));
    cancel();
    await clock.advance(9);
    expect(calls).toEqual([]);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    expect(calls).toEqual([['due', 10]]);
    expect(clock.sleeping).toBe(0);
  });

  it('lets code in flight reach its sleep first', async () => {
    const clock = new ManualClock(0);
    const slept = new Promise((resolve) => setImmediate(resolve)).then(() => clock.sleep(10));
    await clock.advance(10);
    await expect(slept).resolves.toBeUndefined();
  });

  it('rejects a sleep whose signal aborts', async () => {
    const clock = new ManualClock();
    const end = new AbortController();
    const sleeping = clock.sleep(10, end.signal);
    expect(clock.sleeping).toBe(1);
    end.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(clock.sleeping).toBe(0);
    await expect(clock.sleep(10, end.signal)).rejects.toThrow('enough');
  });
});
