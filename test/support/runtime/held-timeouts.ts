import { jest } from '@jest/globals';

/**
 * Holds `setTimeout`, and nothing else, until the test moves the time on. What was asked for at
 * about the same time is then due at the same time, however slow the machine is.
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

  /** Moves the time on; all that is due happens within this turn. */
  pass(milliseconds: number): void {
    jest.advanceTimersByTime(milliseconds);
  }

  [Symbol.dispose](): void {
    jest.useRealTimers();
  }
}
