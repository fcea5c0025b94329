import { describe, expect, it } from '@jest/globals';
import { LazySignal } from '../../../lib/runtime/lazy-signal.js';

describe('LazySignal', () => {
  it('has one signal, which aborts with the reason', () => {
    const lazy = new LazySignal();
    const { signal } = lazy;
    expect([lazy.signal === signal, signal.aborted]).toEqual([true, false]);
    const reason = new Error('too late');
    lazy.abort(reason);
    expect(signal.reason).toBe(reason);
  });

  it('has aborted already when it is first read after that', () => {
    const lazy = new LazySignal();
    const reason = new Error('too late');
    lazy.abort(reason);
    expect(lazy.signal.reason).toBe(reason);
  });
});
