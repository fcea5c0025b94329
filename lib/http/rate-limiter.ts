import type { Clock } from '../runtime/clock.js';
import { Queue } from '../runtime/queue.js';

interface Waiter {
  /** Set when it was admitted or turned away. */
  settled: boolean;
  readonly settle: (admitted: boolean) => void;
}

/**
 * Slows all callers of an app down when its server responds with 429, as TCP does on a congested
 * network: a pause, then half as many requests in flight as before, then one more for each round that
 * goes well. Until a server complains it only counts.
 */
export class RateLimiter {
  readonly #waiting = new Queue<Waiter>();
  #inFlight = 0;
  #limit = Infinity;
  /** Where the limit ends: what was in flight when the server first complained. */
  #ceiling = 0;
  #pausedUntil = 0;
  /** Pauses since a request last went well. */
  #pauses = 0;
  #cancelResume: (() => void) | undefined;
  #closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly settings: {
      readonly baseDelayMs: number;
      readonly maxDelayMs: number;
      readonly maxConnections: number;
    },
  ) {}

  /** Requests that may be in flight at once; `Infinity` while the server does not complain. */
  get limit(): number {
    return this.#limit;
  }

  /**
   * Waits until another request may be in flight. Whoever was admitted calls `leave` in the end.
   * @returns whether it was admitted; false when that took longer than `timeoutMs`
   */
  enter(timeoutMs: number): boolean | Promise<boolean> {
    if (this.#limit !== Infinity) return this.#wait(timeoutMs);
    this.#inFlight += 1;
    return true;
  }

  /**
   * Ends an entry.
   * @param pauseMs how long the server asked all callers to pause, if it rejected the request with 429
   */
  leave(pauseMs?: number): void {
    if (pauseMs === undefined) this.#speedUp();
    else this.#slowDown(pauseMs);
  }

  /** Turns away all callers that wait now or later. */
  close(): void {
    this.#closed = true;
    this.#cancelResume?.();
    for (const waiter of this.#waiting.drain()) waiter.settle(false);
  }

  #speedUp(): void {
    this.#inFlight -= 1;
    if (this.#limit === Infinity) return;
    this.#pauses = 0;
    this.#limit += 1 / this.#limit;
    if (this.#limit >= this.#ceiling) this.#limit = Infinity;
    this.#admit();
  }

  #slowDown(requestedMs: number): void {
    // Beyond the connections there are only those that wait for one.
    const before = Math.min(this.#inFlight, this.settings.maxConnections);
    this.#inFlight -= 1;
    // The rejections of one burst arrive together and count once.
    if (this.clock.elapsed() < this.#pausedUntil) return;
    if (this.#limit === Infinity) this.#ceiling = before;
    this.#limit = Math.max(1, Math.floor(Math.min(this.#limit, before) / 2));
    const { baseDelayMs, maxDelayMs } = this.settings;
    const pauseMs = Math.min(maxDelayMs, Math.max(requestedMs, baseDelayMs * 2 ** this.#pauses));
    this.#pauses += 1;
    this.#pausedUntil = this.clock.elapsed() + pauseMs;
    this.#admit();
  }

  #wait(timeoutMs: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const cancelTimer = this.clock.after(timeoutMs, () => waiter.settle(false));
      const waiter: Waiter = {
        settled: false,
        settle: (admitted) => {
          waiter.settled = true;
          cancelTimer();
          resolve(admitted);
        },
      };
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  #admit(): void {
    const pauseMs = this.#pausedUntil - this.clock.elapsed();
    if (pauseMs > 0) return this.#admitAfter(pauseMs);
    while (this.#inFlight < Math.floor(this.#limit)) {
      const waiter = this.#waiting.shift();
      if (waiter === undefined) return;
      if (waiter.settled) continue;
      this.#inFlight += 1;
      waiter.settle(true);
    }
  }

  #admitAfter(pauseMs: number): void {
    if (this.#cancelResume !== undefined || this.#waiting.isEmpty) return;
    this.#cancelResume = this.clock.after(pauseMs, () => {
      this.#cancelResume = undefined;
      this.#admit();
    });
  }
}
