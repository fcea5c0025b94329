import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { InFlight } from '../../../lib/runtime/in-flight.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { keptAlive } from '../../support/runtime/kept-alive.js';

/** Whether the promise has resolved by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  await turn();
  return over;
}

describe('InFlight', () => {
  it('is settled at once when nothing has entered', async () => {
    expect(await isOver(new InFlight().settled())).toBe(true);
  });

  it('is settled when all that has entered has left', async () => {
    const inFlight = new InFlight();
    inFlight.enter(2).leave(2);
    const entry = inFlight.enter(3);
    const settled = inFlight.settled();
    entry.leave(2);
    expect([inFlight.count, await isOver(settled)]).toEqual([1, false]);
    entry.leave(1);
    expect([inFlight.count, await isOver(settled)]).toEqual([0, true]);
  });

  it('does not wait for what enters after the call, and each call waits for all before it', async () => {
    const inFlight = new InFlight();
    const first = inFlight.enter();
    const settledFirst = inFlight.settled();
    const second = inFlight.enter();
    const settledBoth = inFlight.settled();
    second.leave(1);
    expect([await isOver(settledFirst), await isOver(settledBoth)]).toEqual([false, false]);
    first.leave(1);
    expect([await isOver(settledFirst), await isOver(settledBoth)]).toEqual([true, true]);
  });

  it.each([
    ['resolves', Promise.resolve()],
    ['rejects', Promise.reject(new Error('no'))],
  ])('counts a promise until it %s', async (_how, work) => {
    const inFlight = new InFlight();
    expect(inFlight.track(work)).toBe(work);
    expect(inFlight.count).toBe(1);
    await turn();
    expect(inFlight.count).toBe(0);
  });

  it('is drained when nothing is left, also of what entered meanwhile', async () => {
    const [inFlight, clock] = [new InFlight(), new ManualClock()];
    const first = inFlight.enter();
    const drained = inFlight.drain(1000, clock);
    const second = inFlight.enter();
    first.leave(1);
    expect(await isOver(drained)).toBe(false);
    second.leave(1);
    await expect(drained).resolves.toBe(0);
    expect(clock.sleeping).toBe(0);
  });

  it('counts what is left when the time to drain is over', async () => {
    const [inFlight, clock] = [new InFlight(), new ManualClock()];
    inFlight.enter(2);
    const drained = inFlight.drain(1000, clock);
    await clock.advance(1000);
    await expect(drained).resolves.toBe(2);
    await expect(inFlight.drain(1000, clock)).resolves.toBe(0);
  });

  it('leaves time to reject what is left, at most half of all', async () => {
    for (const [left, waitedMs] of [
      [10_000, 750],
      [1_000_000, 500],
    ] as const) {
      const [inFlight, clock] = [new InFlight(), new ManualClock()];
      inFlight.enter(left);
      const settled = inFlight.settledWithin(1000, clock);
      await clock.advance(waitedMs - 1);
      expect(await isOver(settled)).toBe(false);
      await clock.advance(1);
      expect(await isOver(settled)).toBe(true);
    }
  });

  it('waits longer the less is left', async () => {
    const [inFlight, clock] = [new InFlight(), new ManualClock()];
    const entry = inFlight.enter(10_000);
    const settled = inFlight.settledWithin(1000, clock);
    await clock.advance(700);
    entry.leave(9000);
    await clock.advance(229);
    expect(await isOver(settled)).toBe(false);
    await clock.advance(1);
    expect(await isOver(settled)).toBe(true);
  });

  it('remembers nothing of what has left', async () => {
    const inFlight = new InFlight();
    const entries: WeakRef<object>[] = [];
    const flush = async (): Promise<void> => {
      const entry = inFlight.enter();
      entries.push(new WeakRef(entry));
      const settled = inFlight.settled();
      entry.leave(1);
      await settled;
    };
    for (let round = 0; round < 5; round += 1) await flush();
    expect(await keptAlive(entries)).toBe(0);
  });
});
