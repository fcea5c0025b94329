import type { RetrySettings } from '../options/retry.options.js';
import type { FailedAttempt } from './attempt.js';

/** Where the call stands after an attempt that failed. */
export interface RetryState {
  /** Attempts made. */
  readonly attempts: number;
  /** Whether the request may reach the server twice without harm. */
  readonly idempotent: boolean;
  /** Whether it was signed again for the server's clock already. */
  readonly signedAgain: boolean;
  /** Until no further attempt may begin, in milliseconds. */
  readonly remainingMs: number;
  /** What one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  /** From 0 up to, but not including, 1. */
  readonly random: number;
}

/** What follows an attempt that failed. */
export type RetryDecision = {
  /** How long all calls of the app pause, in milliseconds; set when the server limits the rate. */
  readonly pauseAllMs?: number;
} & (
  | { readonly next: 'give-up' }
  /** Send it at once, signed with the corrected time. */
  | { readonly next: 'sign-again' }
  | { readonly next: 'retry'; readonly afterMs: number }
);

/** The policy with all its settings. */
type RetryPolicy = Readonly<RetrySettings>;

/** Decides whether, how and when a request is sent again, and whether all others pause. */
export function decideRetry(
  failed: FailedAttempt,
  state: RetryState,
  policy: RetryPolicy,
): RetryDecision {
  const pauseAllMs = requestedPauseMs(failed);
  // Costs no attempt: the request was valid, its time was not.
  if (failed.kind === 'rejected' && failed.signedWithWrongTime && !state.signedAgain)
    return { next: 'sign-again', pauseAllMs };
  const afterMs = delayMs(failed, state, policy);
  // Another timeout is only worth waiting for when there is time for a whole attempt.
  const neededMs = failed.code === 'PUSHER_TIMEOUT' ? state.timeoutMs : 0;
  return state.attempts < policy.maxAttempts &&
    afterMs + neededMs < state.remainingMs &&
    isTransient(failed) &&
    (!failed.maybeAccepted || state.idempotent || policy.retryUnanswered)
    ? { next: 'retry', afterMs, pauseAllMs }
    : { next: 'give-up', pauseAllMs };
}

/** Whether the same request can succeed a moment later. */
function isTransient(failed: FailedAttempt): boolean {
  switch (failed.code) {
    case 'PUSHER_REQUEST_REJECTED':
      return failed.status === 429 || (failed.status >= 500 && failed.status <= 599);
    case 'PUSHER_CONNECTION_FAILED':
      return true;
    case 'PUSHER_TIMEOUT':
      // A server that is down costs its callers one timeout, not one per attempt.
      return failed.timeoutsInARow === 1;
    default:
      return false;
  }
}

/** How long a server that limits the rate asks everybody to pause, in milliseconds. */
function requestedPauseMs(failed: FailedAttempt): number | undefined {
  if (failed.code !== 'PUSHER_REQUEST_REJECTED') return undefined;
  if (failed.status === 429) return failed.retryAfterMs ?? 0;
  return failed.status === 503 ? failed.retryAfterMs : undefined;
}

/** Exponential back-off with full jitter, but never less than the server asked for, up to the cap. */
function delayMs(
  failed: FailedAttempt,
  { attempts, random }: RetryState,
  { baseDelayMs, maxDelayMs }: RetryPolicy,
): number {
  const backoffMs = random * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1));
  const requestedMs = failed.kind === 'rejected' ? (failed.retryAfterMs ?? 0) : 0;
  return Math.max(backoffMs, Math.min(requestedMs, maxDelayMs));
}
