import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { HandlerTimeout, TimedCalls } from '../../../../lib/webhooks/handlers/timed-calls.js';

type Handler = (signal: AbortSignal) => unknown;

const never: Handler = () => new Promise(() => undefined);

/** Calls that run the items themselves, and a list of what has failed. */
function timedCalls(clock: ManualClock) {
  const errors: unknown[] = [];
  const calls = new TimedCalls<Handler>(
    {
      start: (handler, { signal }) => handler(signal),
      onFailure: (_handler, error) => void errors.push(error),
    },
    100,
    clock,
  );
  return { calls, errors };
}

describe('TimedCalls', () => {
  it('resolves with the items whose call has thrown or rejected', async () => {
    const { calls, errors } = timedCalls(new ManualClock());
    const [one, two] = [new Error('one'), new Error('two')];
    const throws = () => {
      throw one;
    };
    const rejects = () => Promise.reject(two);
    await expect(calls.run([() => 7, throws, () => Promise.resolve(), rejects])).resolves.toEqual([
      throws,
      rejects,
    ]);
    expect(errors).toEqual([one, two]);
  });

  it('makes one call after another', async () => {
    const seen: string[] = [];
    const step = (name: string) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
    };
    const { calls } = timedCalls(new ManualClock());
    await calls.run([step('one'), () => seen.push('two'), step('three')]);
    expect(seen).toEqual(['one begins', 'one ends', 'two', 'three begins', 'three ends']);
  });

  it('makes very many calls without a promise one after another', async () => {
    const { calls } = timedCalls(new ManualClock());
    const many = Array.from({ length: 100_000 }, () => () => undefined);
    await expect(calls.run(many)).resolves.toEqual([]);
  });

  it('waits for what is only like a promise', async () => {
    const { calls, errors } = timedCalls(new ManualClock());
    const fault = new Error('no');
    const thenable = {};
    Reflect.set(thenable, 'then', (_: unknown, reject: (error: Error) => void) => reject(fault));
    await calls.run([() => thenable]);
    expect(errors).toEqual([fault]);
  });

  it('rejects when a failure cannot be reported, and makes the other calls', async () => {
    const fault = new Error('the log is broken');
    const seen: string[] = [];
    const calls = new TimedCalls<string>(
      {
        start: (item) => (seen.push(item), Promise.reject(new Error('no'))),
        onFailure: () => {
          throw fault;
        },
      },
      100,
      new ManualClock(),
    );
    await expect(calls.run(['one', 'two'])).rejects.toBe(fault);
    expect(seen).toEqual(['one', 'two']);
  });

  it('gives each call the same time, however long those before it took', async () => {
    const clock = new ManualClock();
    const { calls, errors } = timedCalls(clock);
    for (let n = 0; n < 5; n += 1) await calls.run([() => clock.advance(99)]);
    const late = calls.run([never]);
    await clock.advance(99);
    expect(errors).toEqual([]);
    await clock.advance(1);
    await expect(late).resolves.toEqual([never]);
    expect(errors).toEqual([expect.any(HandlerTimeout)]);
  });

  it('ignores what becomes of a call after its time', async () => {
    const clock = new ManualClock();
    const { calls, errors } = timedCalls(clock);
    let fail: (error: Error) => void = () => undefined;
    const slow = () => new Promise((_resolve, reject) => (fail = reject));
    const run = calls.run([slow, () => 7]);
    await clock.advance(100);
    await expect(run).resolves.toEqual([slow]);
    fail(new Error('late'));
    await clock.advance(0);
    expect(errors).toEqual([expect.any(HandlerTimeout)]);
  });

  it('aborts the signal of the call that takes too long, and of no other', async () => {
    const clock = new ManualClock();
    const { calls, errors } = timedCalls(clock);
    const signals: AbortSignal[] = [];
    const stuck = (signal: AbortSignal) => (signals.push(signal), never(signal));
    const run = calls.run([stuck, stuck]);
    await clock.advance(100);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    await clock.advance(100);
    await run;
    expect(signals.map(({ reason }) => reason as unknown)).toEqual(errors);
  });

  it('leaves no timer behind', async () => {
    const clock = new ManualClock();
    const { calls } = timedCalls(clock);
    await calls.run([() => Promise.resolve()]);
    expect(clock.sleeping).toBe(1);
    calls.end();
    expect(clock.sleeping).toBe(0);
  });
});
