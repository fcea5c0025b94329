import type { Optional } from './given-options.js';
import { HOUR_MS, flag, wholeNumber } from './validation/rules.js';

/** The options of `retry`, with defaults and rules. */
export class RetrySettings {
  /** Total number of attempts, including the first. @default 3 */
  @wholeNumber('attempts', 1, 100)
  maxAttempts = 3;

  /** Longest wait before the second attempt, in milliseconds; doubles with each attempt. @default 100 */
  @wholeNumber('milliseconds', 0, HOUR_MS)
  baseDelayMs = 100;

  /** Longest wait between two attempts, in milliseconds, even if `Retry-After` is longer. @default 2000 */
  @wholeNumber('milliseconds', 0, HOUR_MS)
  maxDelayMs = 2000;

  /**
   * Time for all attempts and waits together, in milliseconds. What has not been sent by then, because
   * all connections were busy, is not sent any more. @default 10000
   */
  @wholeNumber('milliseconds', 1, HOUR_MS)
  deadlineMs = 10_000;

  /**
   * Retry triggers even when the server may already have accepted them, for example after a timeout.
   * An event may then arrive twice. Without this option, an event whose response was lost is reported
   * as failed.
   * @default false
   */
  @flag()
  retryUnanswered = false;
}

/** How failed requests are retried. */
export interface RetryOptions extends Optional<RetrySettings> {}
