/** How failed requests are tried again. */
export interface RetryOptions {
  /** Attempts in all, the first included. @default 3 */
  maxAttempts?: number;
  /** Ceiling of the wait before the second attempt, in milliseconds; it doubles with each. @default 100 */
  baseDelayMs?: number;
  /** Longest wait between two attempts, in milliseconds, `Retry-After` included. @default 2000 */
  maxDelayMs?: number;
  /** Time for all attempts and waits together, in milliseconds. @default 10000 */
  deadlineMs?: number;
  /**
   * Try triggers again even when the server may have accepted them, for instance after a timeout.
   * An event may then arrive twice; without it an event whose answer was lost is reported as failed.
   * @default false
   */
  retryUnanswered?: boolean;
}
