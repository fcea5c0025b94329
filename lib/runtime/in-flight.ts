import type { Clock } from './clock.js';
import { settlesWithin } from './deadline.js';

/** Time to reject the promise of one caller, in milliseconds: measured 0.005, and 0.02 on a busy machine. */
const REJECTION_MS = 0.02;

/**
 * The first ones take longer, until V8 has compiled what they run and the connections are closed:
 * measured 120 ms for 2000 callers and 256 connections on a busy machine.
 */
const FIRST_REJECTION_MS = 0.12;
const FIRST_REJECTIONS = 500;

function rejectionsMs(count: number): number {
  const first = Math.min(count, FIRST_REJECTIONS);
  return first * FIRST_REJECTION_MS + (count - first) * REJECTION_MS;
}

/** What entered between two calls of `settled`. */
class Generation {
  open = 0;
  #waiting: (() => void)[] = [];

  leave(size: number): void {
    this.open -= size;
    if (this.open > 0) return;
    for (const end of this.#waiting) end();
    this.#waiting = [];
  }

  /**
   * Resolves when all that entered has left. Each caller has a promise of its own: Cloudflare's workerd
   * never continues what waits for a promise of another request that has ended.
   */
  over(): Promise<void> {
    return new Promise((resolve) => {
      if (this.open === 0) resolve();
      else this.#waiting.push(resolve);
    });
  }
}

/** Returned by `enter`. Call `leave` when the work has ended. */
export type InFlightEntry = Pick<Generation, 'leave'>;

/** Work that has begun and not ended, which a flush or a shutdown has to wait for. */
export class InFlight {
  #current = new Generation();
  /** What nothing enters any more, and is not yet over. */
  readonly #earlier = new Set<Generation>();

  /** How much has entered and not left. */
  get count(): number {
    let count = this.#current.open;
    for (const { open } of this.#earlier) count += open;
    return count;
  }

  /** Counts work of that size until `leave` is called with the same size. */
  enter(size = 1): InFlightEntry {
    this.#current.open += size;
    return this.#current;
  }

  /** Counts the promise until it settles, and returns it. */
  track<T>(work: Promise<T>): Promise<T> {
    const entry = this.enter();
    const leave = (): void => entry.leave(1);
    work.then(leave, leave);
    return work;
  }

  /** Resolves when everything that has entered so far has left; what enters later is not waited for. */
  async settled(): Promise<void> {
    const generation = this.#current;
    this.#current = new Generation();
    this.#earlier.add(generation);
    await Promise.all([...this.#earlier].map((earlier) => earlier.over()));
    this.#earlier.delete(generation);
  }

  /**
   * Waits for everything that has entered so far, at most that long. Ends earlier by the time that it
   * takes to reject what is left, at most by half: tens of thousands of promises take a part of a second.
   * @param timeoutMs how long at most, in milliseconds
   */
  async settledWithin(timeoutMs: number, clock: Clock): Promise<void> {
    const end = clock.elapsed() + timeoutMs;
    const settled = this.settled();
    const remainingMs = (): number =>
      end - clock.elapsed() - Math.min(rejectionsMs(this.count), timeoutMs / 2);
    for (let ms = remainingMs(); ms >= 1; ms = remainingMs())
      if (await settlesWithin(ms, settled, clock)) return;
  }

  /**
   * Waits for all work, also for what enters meanwhile.
   * @param timeoutMs how long at most, in milliseconds
   * @returns how much was left when the time was over; it is not waited for again
   */
  async drain(timeoutMs: number, clock: Clock): Promise<number> {
    await settlesWithin(timeoutMs, this.#empty(), clock);
    const left = this.count;
    this.#current = new Generation();
    this.#earlier.clear();
    return left;
  }

  async #empty(): Promise<void> {
    while (this.count > 0) await this.settled();
  }
}
