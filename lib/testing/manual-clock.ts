import { setImmediate } from 'node:timers/promises';

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

  now(): number {
    return this.#nowMs;
  }

  elapsed(): number {
    return this.#nowMs;
  }

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

  /** Moves the time on, stopping wherever something is due, so that what follows from it is due too. */
  async advance(milliseconds: number): Promise<void> {
    const targetMs = this.#nowMs + milliseconds;
    for (let next = this.#next(targetMs); next; next = this.#next(targetMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
      await setImmediate();
    }
    this.#nowMs = targetMs;
  }

  #next(untilMs: number): Sleeper | undefined {
    return [...this.#sleepers]
      .filter(({ dueMs }) => dueMs <= untilMs)
      .reduce<Sleeper | undefined>(
        (first, each) => (first && first.dueMs <= each.dueMs ? first : each),
        undefined,
      );
  }
}
