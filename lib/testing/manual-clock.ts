import { invalidArgument, shownValue } from '../protocol/arguments.js';
import { nextTurn } from '../runtime/clock.js';

interface Sleeper {
  dueMs: number;
  wake: () => void;
}

/**
 * A clock that stands still until a test moves it. Pass it to `PusherTestServer.start({ clock })`:
 * delays, retries and timeouts then take no time at all.
 */
export class ManualClock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  /** @param startMs milliseconds since 1970; by default the current time, since signed requests carry it */
  constructor(startMs: number = Date.now()) {
    if (!Number.isFinite(startMs))
      throw invalidArgument(
        'startMs',
        `must be a time in milliseconds since 1970; ${shownValue(startMs)}`,
      );
    this.#nowMs = startMs;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#nowMs;
  }

  /** Milliseconds from a fixed point, to measure durations. */
  elapsed(): number {
    return this.#nowMs;
  }

  /** How many sleeps have not ended. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Resolves when the time has moved on by `milliseconds`; rejects when the signal aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = () => {
        cancel();
        reject(
          signal?.reason instanceof Error ? signal.reason : new Error('The sleep was aborted'),
        );
      };
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
    });
  }

  /** Calls back when the time has moved on by `milliseconds`, unless the returned function is called before. */
  after(milliseconds: number, callback: () => void): () => void {
    const cancel = () => void this.#sleepers.delete(sleeper);
    const wake = () => {
      cancel();
      callback();
    };
    const sleeper = { dueMs: this.#nowMs + Math.max(0, milliseconds), wake };
    this.#sleepers.add(sleeper);
    return cancel;
  }

  /**
   * Moves the time on by `milliseconds`, stopping wherever a sleep is due, so that the sleeps which
   * follow from it are due too. Code in flight gets a turn first, to reach its sleep.
   * @throws PusherValidationError when it is not a number from 0 up
   */
  async advance(milliseconds: number): Promise<void> {
    if (!(Number.isFinite(milliseconds) && milliseconds >= 0))
      throw invalidArgument(
        'milliseconds',
        `must be a number from 0 up; ${shownValue(milliseconds)}`,
      );
    const targetMs = this.#nowMs + milliseconds;
    await nextTurn();
    for (let next = this.#next(targetMs); next; next = this.#next(targetMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
      await nextTurn();
    }
    this.#nowMs = targetMs;
  }

  #next(untilMs: number): Sleeper | undefined {
    return [...this.#sleepers]
      .filter(({ dueMs }) => dueMs <= untilMs)
      .toSorted((one, two) => one.dueMs - two.dueMs)[0];
  }
}
