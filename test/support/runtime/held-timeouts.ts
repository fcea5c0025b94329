import { SystemClock } from '../../../lib/runtime/clock.js';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * A clock that holds timeouts, and nothing else, until the test advances the time. Timeouts that were
 * started at about the same time are then due at the same time, however slow the machine is.
 */
export class HeldTimeouts extends SystemClock {
  readonly #held = new Set<Timer>();
  #passedMs = 0;

  override after(milliseconds: number, callback: () => void): () => void {
    const timer = { dueMs: this.#passedMs + milliseconds, callback };
    this.#held.add(timer);
    return () => this.#held.delete(timer);
  }

  /** Advances the time and runs the timeouts that are due, before it returns. */
  pass(milliseconds: number): void {
    this.#passedMs += milliseconds;
    for (const timer of this.#held) {
      if (timer.dueMs > this.#passedMs) continue;
      this.#held.delete(timer);
      timer.callback();
    }
  }
}
