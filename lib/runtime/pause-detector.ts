import type { Clock } from './clock.js';
import { clearInterval, setInterval } from './timers.js';

/** A moment by both times of a clock. */
export interface Instant {
  readonly nowMs: number;
  readonly elapsedMs: number;
}

/** This moment. */
export function instantOf(clock: Clock): Instant {
  return { nowMs: clock.now(), elapsedMs: clock.elapsed() };
}

/**
 * The time between two moments in milliseconds, the longer one if their clocks disagree: the one that
 * measures durations may stand still while the machine is suspended, and the wall clock may be set back.
 */
export function msBetween(one: Instant, other: Instant): number {
  return Math.max(other.nowMs - one.nowMs, other.elapsedMs - one.elapsedMs);
}

/** How often the process shows that it runs, in milliseconds. */
const BEAT_MS = 500;

/** A longer time without a beat is a pause, in milliseconds. */
const PAUSE_MS = 1500;

/**
 * Notices that the process did not run for a while: it was stopped, its machine was suspended, or its
 * own code blocked it. Does not keep the process alive.
 */
export class PauseDetector {
  readonly #clock: Clock;
  readonly #isNeeded: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #lastBeat: Instant | undefined;
  #pauses = 0;

  /** @param isNeeded is called at each beat; the detector stops once it returns false */
  constructor(clock: Clock, isNeeded: () => boolean) {
    this.#clock = clock;
    this.#isNeeded = isNeeded;
  }

  /** Begins to watch, unless it does already. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(this.#beat, BEAT_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#lastBeat = undefined;
  }

  /** How many pauses there have been. */
  countPauses(now: Instant): number {
    if (this.#lastBeat !== undefined && msBetween(this.#lastBeat, now) > PAUSE_MS)
      this.#pauses += 1;
    this.#lastBeat = now;
    return this.#pauses;
  }

  #beat = (): void => {
    if (this.#isNeeded()) this.countPauses(instantOf(this.#clock));
    else this.stop();
  };
}
