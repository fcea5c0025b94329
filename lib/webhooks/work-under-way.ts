import type { Clock } from '../runtime/clock.js';
import { endsWithin } from '../runtime/ends-within.js';

/** Keeps count of work that somebody has to wait for before the process ends. */
export class WorkUnderWay {
  readonly #pending = new Set<Promise<unknown>>();

  constructor(private readonly clock: Clock) {}

  /** Counts the work until it settles, and hands it back. */
  track<T>(work: Promise<T>): Promise<T> {
    const settled = (): boolean => this.#pending.delete(work);
    this.#pending.add(work);
    work.then(settled, settled);
    return work;
  }

  /**
   * Waits for all work, also for what is added meanwhile.
   * @returns how many pieces were left when the time was over; they are not waited for again
   */
  async drain(timeoutMs: number): Promise<number> {
    await endsWithin(timeoutMs, this.#settled(), this.clock);
    const left = this.#pending.size;
    this.#pending.clear();
    return left;
  }

  async #settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }
}
