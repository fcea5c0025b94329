import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../../lib/runtime/clock.js';

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** A clock that a test moves by hand. */
export class ManualClock extends Clock {
  #elapsed = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(private readonly start: number = 1_700_000_000_000) {
    super();
  }

  now(): number {
    return this.start + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** How many sleep at the moment. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { until: this.#elapsed + milliseconds, wake: resolve };
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) return stop();
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Lets time pass: wakes whoever is due, in order, and lets each do its work. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await turn();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#sleepers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.until);
      next.wake();
      await turn();
    }
    this.#elapsed = end;
  }

  #next(end: number): Sleeper | undefined {
    return [...this.#sleepers]
      .filter(({ until }) => until <= end)
      .toSorted((one, two) => one.until - two.until)[0];
  }
}
