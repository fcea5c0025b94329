import type { Clock } from './clock.js';

/** What ends the wait for some work before the work ends. */
export interface Deadline {
  /** Rejects with the reason of the signal when it aborts. */
  readonly signal?: AbortSignal;
  /** Rejects after that many milliseconds, with `reason`. Needs a clock. */
  readonly timeoutMs?: number;
  /** Where the time comes from. */
  readonly clock?: Clock;
  /** Makes the error for work that took too long. @default an Error that names `timeoutMs` */
  readonly reason?: () => Error;
}

/**
 * Waits for the work until its deadline. What becomes of the work after that is ignored, its failure
 * included. Leaves no timer and no listener behind.
 */
export function withDeadline<T>(work: Promise<T>, deadline: Deadline): Promise<T> {
  const { signal, timeoutMs, clock, reason } = deadline;
  return new Promise((resolve, reject) => {
    let cancelTimer: (() => void) | undefined;
    const end = (): void => {
      cancelTimer?.();
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason as Error);
    work.then((value) => {
      end();
      resolve(value);
    }, fail);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) return onAbort();
    if (timeoutMs === undefined || clock === undefined) return;
    cancelTimer = clock.after(timeoutMs, () =>
      fail(reason?.() ?? new Error(`not finished within ${timeoutMs} ms`)),
    );
  });
}

/** Waits for the work at most that long, and returns whether it settled in time. Never rejects. */
export async function settlesWithin(
  timeoutMs: number,
  work: Promise<unknown>,
  clock: Clock,
): Promise<boolean> {
  const settled = work.then(
    () => true,
    () => true,
  );
  return await withDeadline(settled, { timeoutMs, clock }).catch(() => false);
}

/** Whether the value has to be waited for. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
