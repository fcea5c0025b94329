import {
  clearImmediate,
  clearTimeout,
  monotonicMs,
  setImmediate,
  setTimeout,
  wait,
} from './timers.js';

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
