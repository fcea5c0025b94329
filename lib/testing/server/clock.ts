import { setTimeout as wait } from 'node:timers/promises';

/** Where a test server takes its time from. Give a `ManualClock` to move it by hand. */
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
