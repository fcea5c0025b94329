import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turn } from '../../../lib/runtime/clock.js';

describe('Turn', () => {
  it('runs work after the current turn, in the order in which it was added', async () => {
    const turn = new Turn();
    const log: string[] = [];
    turn.after(() => log.push('first'));
    turn.after(() => log.push('second'));
    await Promise.resolve();
    expect(log).toEqual([]);
    await nextTurn();
    expect(log).toEqual(['first', 'second']);
  });

  it('runs work that is added by such work at once', async () => {
    const turn = new Turn();
    const log: string[] = [];
    turn.after(() => {
      turn.after(() => log.push('inner'));
      log.push('outer');
    });
    await nextTurn();
    expect(log).toEqual(['inner', 'outer']);
  });

  it('delays work that is added once such work has ended', async () => {
    const turn = new Turn();
    const log: string[] = [];
    turn.after(() => void Promise.resolve().then(() => turn.after(() => log.push('late'))));
    await nextTurn();
    expect(log).toEqual([]);
    await nextTurn();
    expect(log).toEqual(['late']);
  });

  it('runs work in the async context of whoever added it', async () => {
    const turn = new Turn();
    const caller = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    for (const name of ['ada', 'grace'])
      caller.run(name, () => turn.after(() => seen.push(caller.getStore())));
    await nextTurn();
    expect(seen).toEqual(['ada', 'grace']);
  });
});
