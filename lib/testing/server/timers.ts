import type { TestServerClock } from './clock.js';

/** Everything a server has planned for later, so that stopping it leaves nothing behind. */
export class Timers {
  readonly #planned = new Set<AbortController>();
  #stopped = false;

  constructor(private readonly clock: TestServerClock) {}

  /** How many actions are planned. */
  get size(): number {
    return this.#planned.size;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.clock.now();
  }

  /** Runs the action after some milliseconds, never when they are infinite. The result cancels it. */
  after(milliseconds: number, action: () => void): () => void {
    if (milliseconds === Infinity || this.#stopped) return () => undefined;
    const plan = new AbortController();
    const forget = () => this.#planned.delete(plan);
    this.#planned.add(plan);
    this.clock.sleep(milliseconds, plan.signal).then(() => {
      if (forget()) action();
    }, forget);
    return () => {
      forget();
      plan.abort();
    };
  }

  /** Resolves after some milliseconds; never, once the server has stopped. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Cancels everything, and plans nothing any more. */
  stop(): void {
    this.#stopped = true;
    for (const plan of this.#planned) plan.abort();
    this.#planned.clear();
  }
}
