import { wait } from '../../runtime/clock.js';

/** Where a test server takes its time from. Pass a `ManualClock` to move the time by hand. */
export interface TestServerClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `milliseconds`, rejects when the signal aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The time of this machine. Its sleeps do not keep the process alive: the open port does. */
export const systemClock: TestServerClock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    wait(milliseconds, undefined, { ref: false, ...(signal && { signal }) }),
};

/** Everything that a server has scheduled, so that stopping it leaves nothing behind. */
export class Timers {
  readonly #scheduled = new Set<AbortController>();
  #stopped = false;

  constructor(private readonly clock: TestServerClock) {}

  /** How many actions are scheduled. */
  get size(): number {
    return this.#scheduled.size;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.clock.now();
  }

  /** Runs the action after some milliseconds, never when they are infinite. The result cancels it. */
  after(milliseconds: number, action: () => void): () => void {
    if (milliseconds === Infinity || this.#stopped) return () => undefined;
    const timer = new AbortController();
    const forget = () => this.#scheduled.delete(timer);
    this.#scheduled.add(timer);
    this.clock.sleep(milliseconds, timer.signal).then(() => {
      if (forget()) action();
    }, forget);
    return () => {
      forget();
      timer.abort();
    };
  }

  /** Resolves after some milliseconds; never, once the server has stopped. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Cancels everything, and schedules nothing from then on. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#scheduled) timer.abort();
    this.#scheduled.clear();
  }
}
