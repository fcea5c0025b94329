import { safeCause } from '../../errors/safe-cause.js';
import type { PublishFailure } from '../../protocol/publish-failure.js';

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
  Promise.resolve()
    .then(() => onFailure(failure))
    .catch((cause: unknown) => {
      logger.warn(`onFailure failed: ${safeCause(cause).message}`);
    });
}
