import type { Clock } from '../../runtime/clock.js';

/** A handler has not finished an event in time. It is also the reason of the signal that the handler has. */
export class HandlerTimeout extends Error {
  override readonly name = 'TimeoutError';
}

/** Calls a handler for one event after another, each within a time limit. */
export class TimedCalls {
  #controller = new AbortController();
  #startedAt = 0;
  #cancelTimer: (() => void) | undefined;
  #reject: (reason: HandlerTimeout) => void = () => undefined;

  /** @param timeoutMs how long one call may take, in milliseconds */
  constructor(
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {}

  /**
   * Settles as the call does, or rejects with a `HandlerTimeout` when that takes too long. What
   * becomes of the call after that is ignored.
   */
  call(start: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    this.#startedAt = this.clock.elapsed();
    // One timer serves all calls: most of them end long before it is due.
    this.#cancelTimer ??= this.#watch(this.timeoutMs);
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      start(this.#controller.signal).then(resolve, reject);
    });
  }

  /** Call it after the last call, or a timer is left behind. */
  end(): void {
    this.#cancelTimer?.();
  }

  #watch(milliseconds: number): () => void {
    return this.clock.after(milliseconds, () => {
      const leftMs = this.#startedAt + this.timeoutMs - this.clock.elapsed();
      if (leftMs > 0) {
        this.#cancelTimer = this.#watch(leftMs);
        return;
      }
      this.#cancelTimer = undefined;
      const timeout = new HandlerTimeout(`not finished within ${this.timeoutMs} ms`);
      const controller = this.#controller;
      this.#controller = new AbortController();
      this.#reject(timeout);
      controller.abort(timeout);
    });
  }
}
