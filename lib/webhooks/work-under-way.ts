import type { Clock } from '../runtime/clock.js';

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
    const stop = new AbortController();
    const timeIsOver = this.clock.sleep(timeoutMs, stop.signal).then(
      () => true,
      () => true,
    );
    let isOver = false;
    while (this.#pending.size > 0 && !isOver) {
      const all = Promise.allSettled(this.#pending).then(() => false);
      isOver = await Promise.race([all, timeIsOver]);
    }
    stop.abort();
    const left = this.#pending.size;
    this.#pending.clear();
    return left;
  }
}
