import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';
import * as promises from 'node:timers/promises';

// Taken once, when the module is loaded. Fake timers of Jest and Vitest replace the globals and the
// exports of these modules afterwards; requests and timeouts must not wait for a test to advance them.

export const { setTimeout, clearTimeout, setImmediate, clearImmediate } = timers;

/** Resolves after some milliseconds; rejects when the signal aborts first. */
export const wait = promises.setTimeout;

/** Resolves in the next turn of the event loop. */
export const nextTurn = promises.setImmediate;

/** Milliseconds from a fixed point. */
export const monotonicMs: () => number = performance.now.bind(performance);
