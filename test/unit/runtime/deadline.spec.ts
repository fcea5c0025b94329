import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { isPromiseLike, settlesWithin, withDeadline } from '../../../lib/runtime/deadline.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

const never = new Promise<never>(() => undefined);

describe('settlesWithin', () => {
  it.each([
    ['succeeds', Promise.resolve()],
    ['fails', Promise.reject(new Error('no'))],
  ])('is true when the work %s, and leaves no timer', async (_how, work) => {
    const clock = new ManualClock();
    await expect(settlesWithin(1000, work, clock)).resolves.toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it('is false when the time is over first', async () => {
    const clock = new ManualClock();
    const settled = settlesWithin(1000, never, clock);
    await clock.advance(999);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    await expect(settled).resolves.toBe(false);
  });
});

describe('withDeadline', () => {
  it('returns what the work returns, and leaves no timer and no listener', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const deadline = { signal, timeoutMs: 1000, clock };
    await expect(withDeadline(Promise.resolve('done'), deadline)).resolves.toBe('done');
    expect([clock.sleeping, getEventListeners(signal, 'abort')]).toEqual([0, []]);
  });

  it('rejects as the work does', async () => {
    const error = new Error('no');
    await expect(withDeadline(Promise.reject(error), {})).rejects.toBe(error);
  });

  it('rejects with the reason given for the time, and leaves no listener', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const reason = new Error('too slow');
    const late = withDeadline(never, { signal, timeoutMs: 5, clock, reason: () => reason });
    await Promise.all([expect(late).rejects.toBe(reason), clock.advance(5)]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('rejects with the reason of the signal, and leaves no timer', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const reason = new Error('gone');
    const stopped = withDeadline(never, { signal: controller.signal, timeoutMs: 5, clock });
    controller.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    expect(clock.sleeping).toBe(0);
  });

  it('rejects at once when the signal has aborted before', async () => {
    const reason = new Error('gone');
    const signal = AbortSignal.abort(reason);
    await expect(withDeadline(never, { signal })).rejects.toBe(reason);
  });

  it('ignores a failure of the work after the deadline', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    const work = Promise.reject(new Error('late'));
    await expect(withDeadline(work, { signal })).rejects.toThrow('gone');
  });
});

/** The object with a property that makes it look like a promise. */
function withThen(owner: object, value: unknown): object {
  Reflect.set(owner, 'then', value);
  return owner;
}

it.each([
  [Promise.resolve(), true],
  [withThen({}, () => undefined), true],
  [
    withThen(
      () => undefined,
      () => undefined,
    ),
    true,
  ],
  [withThen({}, 1), false],
  [() => undefined, false],
  [null, false],
  [undefined, false],
  ['then', false],
])('isPromiseLike(%p) is %s', (value, expected) => {
  expect(isPromiseLike(value)).toBe(expected);
});
