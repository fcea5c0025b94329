import { setImmediate as turn } from 'node:timers/promises';

interface Sleeper {
  dueMs: number;
  wake: () => void;
}

/**
 * A clock that stands still until a test moves it. Fits `PusherTestServer.start({ clock })`, where
 * delays, retries and timeouts then take no time at all.
 */
export class ManualClock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  /** @param startMs milliseconds since 1970; now unless given, since signed requests carry the time */
  constructor(startMs: number = Date.now()) {
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

  /** Resolves when the time has been moved on by `milliseconds`; rejects when the signal aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', give);
      };
      const give = () => {
        end();
        reject(
          signal?.reason instanceof Error ? signal.reason : new Error('The sleep was aborted'),
        );
      };
      const wake = () => {
        end();
        resolve();
      };
      const sleeper = { dueMs: this.#nowMs + Math.max(0, milliseconds), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', give);
      if (signal?.aborted) give();
    });
  }

  /**
   * Moves the time on by `milliseconds`, stopping wherever something is due, so that what follows from
   * it is due too. What is under way gets a turn first, to reach its sleep.
   */
  async advance(milliseconds: number): Promise<void> {
    const targetMs = this.#nowMs + milliseconds;
    await turn();
    for (let next = this.#next(targetMs); next; next = this.#next(targetMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
      await turn();
    }
    this.#nowMs = targetMs;
  }

  #next(untilMs: number): Sleeper | undefined {
    return [...this.#sleepers]
      .filter(({ dueMs }) => dueMs <= untilMs)
      .toSorted((one, two) => one.dueMs - two.dueMs)[0];
  }
}
