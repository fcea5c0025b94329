import type { Clock } from './clock.js';

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
