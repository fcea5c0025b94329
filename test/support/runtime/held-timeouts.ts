import { jest } from '@jest/globals';

/**
 * Holds `setTimeout`, and nothing else, until the test advances the time. Timers that were started at
 * about the same time are then due at the same time, however slow the machine is.
 */
export class HeldTimeouts implements Disposable {
  constructor() {
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
      ],
    });
  }

  /** Advances the time and runs the timers that are due, before it returns. */
  pass(milliseconds: number): void {
    jest.advanceTimersByTime(milliseconds);
  }

  [Symbol.dispose](): void {
    jest.useRealTimers();
  }
}
