import { AsyncLocalStorage } from 'node:async_hooks';
import { safeCause } from '../../errors/safe-cause.js';
import type { PublishFailure } from '../../protocol/publish-failure.js';
import { setImmediate } from '../../runtime/clock.js';

const notifying = new AsyncLocalStorage<true>();

/** Whether this is code of an application that `onFailure` has called. */
export function isWithinOnFailure(): boolean {
  return notifying.getStore() === true;
}

/**
 * Passes a failure to `onFailure` of an app, after the current work. What that throws, or rejects with,
 * is a warning.
 */
export function notifyFailure(
  onFailure: ((failure: PublishFailure) => unknown) | undefined,
  failure: PublishFailure,
  logger: { warn(message: string): void },
): void {
  if (onFailure === undefined) return;
  const notify = (): void => {
    Promise.resolve()
      .then(() => notifying.run(true, () => onFailure(failure)))
      .catch((cause: unknown) => {
        logger.warn(`onFailure failed: ${safeCause(cause).message}`);
      });
  };
  // What `onFailure` emits may fail at once, again and again: the event loop must turn in between.
  if (isWithinOnFailure()) setImmediate(notify);
  else notify();
}
