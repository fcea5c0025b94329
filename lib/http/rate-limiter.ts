import type { Clock } from '../runtime/clock.js';
import { Queue } from '../runtime/queue.js';

interface Waiter {
  /** Set when it has been let in or has gone. */
  gone: boolean;
  readonly answer: (letIn: boolean) => void;
}

/**
 * Slows all callers of an app down when its server says 429, as TCP does on a congested line: a
 * pause, then half as many requests at once as before, then one more for each round that goes well.
 * Until a server complains it only counts.
 */
export class RateLimiter {
  readonly #waiting = new Queue<Waiter>();
  #inFlight = 0;
  #limit = Infinity;
  /** Where the limit ends: what was in flight when the server first complained. */
  #ceiling = 0;
  #pausedUntil = 0;
  #strikes = 0;
  #pumping = false;
  #ended = false;

  constructor(
    private readonly clock: Clock,
    private readonly settings: {
      readonly baseDelayMs: number;
      readonly maxDelayMs: number;
      readonly maxConnections: number;
    },
  ) {}

  /** Requests that may be under way at once; `Infinity` while the server does not complain. */
  get limit(): number {
    return this.#limit;
  }

  /** Asks for a turn. Gives false when none came within the time; every turn is ended by `leave` or `refused`. */
  enter(withinMs: number): boolean | Promise<boolean> {
    if (this.#limit !== Infinity) return this.#wait(withinMs);
    this.#inFlight += 1;
    return true;
  }

  /** Ends a turn of which the server did not complain. */
  leave(): void {
    this.#inFlight -= 1;
    if (this.#limit === Infinity) return;
    this.#strikes = 0;
    this.#limit += 1 / this.#limit;
    if (this.#limit >= this.#ceiling) this.#limit = Infinity;
    this.#admit();
  }

  /** Ends a turn that the server refused for the rate. */
  refused(retryAfterMs = 0): void {
    // Beyond the connections there are only those that wait for one.
    const before = Math.min(this.#inFlight, this.settings.maxConnections);
    this.#inFlight -= 1;
    // The refusals of one burst arrive together and count once.
    if (this.clock.elapsed() < this.#pausedUntil) return;
    if (this.#limit === Infinity) this.#ceiling = before;
    this.#limit = Math.max(1, Math.floor(Math.min(this.#limit, before) / 2));
    const { baseDelayMs, maxDelayMs } = this.settings;
    const pauseMs = Math.min(maxDelayMs, Math.max(retryAfterMs, baseDelayMs * 2 ** this.#strikes));
    this.#strikes += 1;
    this.#pausedUntil = this.clock.elapsed() + pauseMs;
    this.#admit();
  }

  /** Sends everybody away who waits, and lets nobody wait any more. */
  end(): void {
    this.#ended = true;
    for (const waiter of this.#waiting.drain()) waiter.answer(false);
  }

  #wait(withinMs: number): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = new AbortController();
      const waiter: Waiter = {
        gone: false,
        answer: (letIn) => {
          waiter.gone = true;
          timer.abort();
          resolve(letIn);
        },
      };
      this.#waiting.push(waiter);
      this.clock.sleep(withinMs, timer.signal).then(
        () => waiter.answer(false),
        () => undefined,
      );
      this.#admit();
    });
  }

  #admit(): void {
    const pauseMs = this.#pausedUntil - this.clock.elapsed();
    if (pauseMs > 0) return this.#admitAfter(pauseMs);
    while (this.#inFlight < Math.floor(this.#limit)) {
      const waiter = this.#waiting.shift();
      if (waiter === undefined) return;
      if (waiter.gone) continue;
      this.#inFlight += 1;
      waiter.answer(true);
    }
  }

  #admitAfter(pauseMs: number): void {
    if (this.#pumping || this.#waiting.isEmpty) return;
    this.#pumping = true;
    const goOn = (): void => {
      this.#pumping = false;
      this.#admit();
    };
    this.clock.sleep(pauseMs).then(goOn, goOn);
  }
}
