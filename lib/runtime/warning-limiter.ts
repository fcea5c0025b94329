import type { Clock } from './clock.js';

/** How often the same warning is logged at most, in milliseconds. */
const INTERVAL_MS = 60_000;
/** How many subjects are counted at most, so that nobody can exhaust the memory by inventing some. */
const MAX_SUBJECTS = 1000;

/** Decides when a warning that could be logged all the time is logged: at most once a minute. */
export class WarningLimiter {
  readonly #subjects = new Map<string, { loggedAt: number; count: number }>();

  constructor(private readonly clock: Clock) {}

  /**
   * Counts an occurrence.
   * @param subject what the warning is about; each one is counted by itself
   * @returns how many there were since the last warning, this one included, when it is time to log
   *   them; 0 when it is not
   */
  next(subject: string): number {
    const now = this.clock.elapsed();
    const entry = this.#subjects.get(subject) ?? { loggedAt: -Infinity, count: 0 };
    entry.count += 1;
    if (now - entry.loggedAt < INTERVAL_MS) return 0;
    const { count } = entry;
    this.#subjects.delete(subject);
    if (this.#subjects.size < MAX_SUBJECTS)
      this.#subjects.set(subject, { loggedAt: now, count: 0 });
    return count;
  }
}
