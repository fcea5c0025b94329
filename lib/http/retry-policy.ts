import type { RetryOptions } from '../options/retry.options.js';

/** How an attempt ended when it did not end well. */
export type FailedAttempt =
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** How long the server asked to wait, in milliseconds. */
      readonly retryAfterMs?: number;
    }
  | {
      readonly kind: 'unanswered';
      /** Whether the server can have acted on the request. */
      readonly maybeAccepted: boolean;
      readonly timedOut: boolean;
      /** Whether the server has answered nothing at all for longer than this attempt. */
      readonly serverSilent: boolean;
    }
  /** Trying again would bring the same: an answer that is none, a request that cannot leave. */
  | { readonly kind: 'not-retryable' };

/** Where the request stands. */
export interface RetryState {
  /** Attempts made. */
  readonly attempt: number;
  /** Whether doing it twice is harmless. */
  readonly idempotent: boolean;
  /** Since the first attempt began, in milliseconds. */
  readonly elapsedMs: number;
  /** What one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  /** From 0 up to, but not including, 1. */
  readonly random: number;
}

export type Verdict =
  { readonly again: false } | { readonly again: true; readonly afterMs: number };

const NO: Verdict = { again: false };

/** Decides whether, and when, a request is sent again. */
export function decideRetry(
  failed: FailedAttempt,
  state: RetryState,
  policy: Readonly<Required<RetryOptions>>,
): Verdict {
  if (state.attempt >= policy.maxAttempts) return NO;
  if (!mayRepeat(failed, state.idempotent || policy.retryUnanswered)) return NO;
  const afterMs = waitFor(failed, state, policy);
  // Waiting for nothing again is only worth it when there is time for a whole attempt.
  const needsMs = isTimeout(failed) ? state.timeoutMs : 0;
  return state.elapsedMs + afterMs + needsMs < policy.deadlineMs ? { again: true, afterMs } : NO;
}

/** Whether the server can have done what was asked although it did not say so. */
export function mayHaveWorked(failed: FailedAttempt): boolean {
  if (failed.kind === 'unanswered') return failed.maybeAccepted;
  return failed.kind === 'not-retryable' || isFault(failed.status);
}

/**
 * How long a server that limits the rate asks all callers to pause, in milliseconds; `undefined` when
 * that is not what it said.
 */
export function pauseAsked(failed: FailedAttempt): number | undefined {
  if (failed.kind !== 'refused') return undefined;
  if (failed.status === 429) return failed.retryAfterMs ?? 0;
  return failed.status === 503 ? failed.retryAfterMs : undefined;
}

/** @param idempotent whether the request may reach the server twice */
function mayRepeat(failed: FailedAttempt, idempotent: boolean): boolean {
  if (failed.kind === 'not-retryable') return false;
  if (failed.kind === 'refused') {
    if (failed.status === 429 || failed.status === 503) return true;
    return isFault(failed.status) && idempotent;
  }
  // A server that is down costs its callers one timeout, not one per attempt.
  if (failed.timedOut && failed.serverSilent) return false;
  return !failed.maybeAccepted || idempotent;
}

/** 503, like 429, says that nothing was done; other 5xx say nothing of the kind. */
function isFault(status: number): boolean {
  return status >= 500 && status <= 599 && status !== 503;
}

/** Exponential back-off with full jitter, but never less than the server asked for, up to the cap. */
function waitFor(
  failed: FailedAttempt,
  { attempt, random }: RetryState,
  { baseDelayMs, maxDelayMs }: Readonly<Required<RetryOptions>>,
): number {
  const backoff = random * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
  const asked = failed.kind === 'refused' ? (failed.retryAfterMs ?? 0) : 0;
  return Math.max(backoff, Math.min(asked, maxDelayMs));
}

function isTimeout(failed: FailedAttempt): boolean {
  return failed.kind === 'unanswered' && failed.timedOut;
}
