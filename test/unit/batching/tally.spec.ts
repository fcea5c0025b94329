import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Tally } from '../../../lib/batching/tally.js';

/** Whether the promise has resolved by now. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  await turn();
  return over;
}

describe('Tally', () => {
  it('is over at once when nothing has entered', async () => {
    expect(await isOver(new Tally().close())).toBe(true);
  });

  it('is over when all that entered has left, not before it is closed', async () => {
    const tally = new Tally();
    tally.enter(2);
    tally.leave(2);
    tally.enter(3);
    const over = tally.close();
    tally.leave(2);
    expect([tally.open, await isOver(over)]).toEqual([1, false]);
    tally.leave(1);
    expect([tally.open, await isOver(over), await isOver(tally.close())]).toEqual([0, true, true]);
  });
});
