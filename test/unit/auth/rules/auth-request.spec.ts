import { describe, expect, it, jest } from '@jest/globals';
import { RequestLifetime, type WatchForEnd } from '../../../../lib/auth/rules/auth-request.js';

const gone = new Error('gone');
const never = new Promise<never>(() => undefined);

/** A lifetime with what it watches: `end` ends it, `stop` is called when it stops watching. */
function watched() {
  const stop = jest.fn();
  const watch = jest.fn<WatchForEnd>(() => stop);
  const lifetime = new RequestLifetime(watch);
  return { lifetime, watch, stop, end: () => watch.mock.lastCall?.[0](gone) };
}

describe('waitFor', () => {
  it('returns what is there at once, and watches nothing for it', () => {
    const { lifetime, watch } = watched();
    expect(lifetime.waitFor(7)).toBe(7);
    lifetime.close();
    expect(watch).not.toHaveBeenCalled();
  });

  it('settles as the promise does', async () => {
    const { lifetime, watch } = watched();
    await expect(lifetime.waitFor(Promise.resolve(7))).resolves.toBe(7);
    await expect(lifetime.waitFor(Promise.reject(gone))).rejects.toBe(gone);
    expect(watch).toHaveBeenCalledTimes(1);
  });

  it('rejects when the request ends first', async () => {
    const { lifetime, stop, end } = watched();
    const waiting = lifetime.waitFor(never);
    end();
    await expect(waiting).rejects.toBe(gone);
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('fails in a request that has ended', async () => {
    const lifetime = new RequestLifetime((end) => {
      end(gone);
      return () => undefined;
    });
    await expect(lifetime.waitFor(never)).rejects.toBe(gone);
    await expect(lifetime.waitFor(Promise.resolve(7))).rejects.toBe(gone);
    expect(() => lifetime.waitFor(7)).toThrow(gone);
  });
});

describe('the signal', () => {
  it('is one, and aborts when the request ends', () => {
    const { lifetime, end } = watched();
    const { signal } = lifetime;
    expect([lifetime.signal, signal.aborted]).toEqual([signal, false]);
    end();
    expect(signal).toMatchObject({ aborted: true, reason: gone });
  });

  it('is aborted when it is read after the end', () => {
    const { lifetime, watch } = watched();
    lifetime.end(gone);
    expect(lifetime.signal).toMatchObject({ aborted: true, reason: gone });
    expect(watch).not.toHaveBeenCalled();
  });

  it('never aborts once the response is sent, and then nothing is watched', () => {
    const { lifetime, watch, stop, end } = watched();
    const { signal } = lifetime;
    lifetime.close();
    end();
    expect(signal.aborted).toBe(false);
    expect(stop).toHaveBeenCalledTimes(1);
    const late = watched();
    late.lifetime.close();
    expect(late.lifetime.signal.aborted).toBe(false);
    expect([watch.mock.calls.length, late.watch.mock.calls.length]).toEqual([1, 0]);
  });
});
