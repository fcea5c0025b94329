import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';
import * as promises from 'node:timers/promises';

// Taken once, when the module is loaded. Fake timers of Jest and Vitest replace the globals and the
// exports of these modules afterwards; requests and timeouts must not wait for a test to advance them.

export const { setTimeout, clearTimeout, setInterval, clearInterval } = timers;
export const { setImmediate, clearImmediate } = timers;

/** Resolves after some milliseconds; rejects when the signal aborts first. */
export const wait = promises.setTimeout;

/** Resolves in the next turn of the event loop. */
export const nextTurn = promises.setImmediate;

/** Milliseconds from a fixed point. */
export const monotonicMs: () => number = performance.now.bind(performance);

const { queueMicrotask } = globalThis;
const REAL = { setTimeout, clearTimeout, setImmediate, clearImmediate, queueMicrotask };

/** Whether the global timers are not those of Node, as in a test with fake timers. */
export function areTimersFake(): boolean {
  return (
    globalThis.setImmediate !== setImmediate ||
    globalThis.setTimeout !== setTimeout ||
    globalThis.queueMicrotask !== queueMicrotask
  );
}

/**
 * Suspends fake timers until the current synchronous work has ended, for a package that looks up the
 * global timers when it needs them: undici schedules the use of an idle connection with them.
 */
export function suspendFakeTimers(): void {
  if (!areTimersFake()) return;
  const names = Object.keys(REAL);
  const fakes = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const [name, value] of Object.entries(REAL))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  queueMicrotask(() => {
    for (const [at, name] of names.entries()) {
      const fake = fakes[at];
      if (fake === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, fake);
    }
  });
}

/** Where the time comes from. Tests pass their own, so that none of them sleeps. */
export abstract class Clock {
  /** Milliseconds since 1970, by the wall clock. */
  abstract now(): number;

  /** Milliseconds from any fixed point; never jumps, so it measures durations. */
  abstract elapsed(): number;

  /** Resolves after `milliseconds`; rejects with the reason of the signal when that aborts first. */
  abstract sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;

  /**
   * Calls back after `milliseconds`, unless the function that it returns is called before. A tenth of
   * the cost of a sleep that is aborted, so timeouts of requests use it. What has arrived by the end of
   * that time is read before: after a pause of the process, what came meanwhile is still unread.
   */
  abstract after(milliseconds: number, callback: () => void): () => void;
}

/** The time of this machine. A pending sleep keeps the process alive. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return monotonicMs();
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    try {
      await wait(milliseconds, undefined, signal && { signal });
    } catch {
      signal?.throwIfAborted();
    }
  }

  after(milliseconds: number, callback: () => void): () => void {
    let onceRead: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      onceRead = setImmediate(callback);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
      clearImmediate(onceRead);
    };
  }
}

/**
 * Delays work by one turn of the event loop. Work that is added while delayed work runs has already
 * waited, so it runs at once. Code that collects events for a turn and code that waits a turn before
 * it uses a connection therefore share the same turn when they share an instance.
 */
export class Turn {
  #isOver = false;

  /** Runs the work after this turn of the event loop, in the async context of this call. */
  after(work: () => void): void {
    if (this.#isOver) work();
    else setImmediate(this.#run, work);
  }

  #run = (work: () => void): void => {
    this.#isOver = true;
    try {
      work();
    } finally {
      this.#isOver = false;
    }
  };
}
