import { describe, expect, it } from '@jest/globals';
import {
  decideRetry,
  type FailedAttempt,
  mayHaveWorked,
  type RetryState,
} from '../../../lib/http/retry-policy.js';

const POLICY = {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 2000,
  deadlineMs: 10_000,
  retryUnanswered: false,
};
const STATE: RetryState = {
  attempt: 1,
  idempotent: false,
  elapsedMs: 10,
  timeoutMs: 5000,
  random: 0.5,
};

const refused = (status: number, retryAfterMs?: number): FailedAttempt => ({
  kind: 'refused',
  status,
  retryAfterMs,
});
const unanswered = (more: object = {}): FailedAttempt => ({
  kind: 'unanswered',
  maybeAccepted: true,
  timedOut: false,
  serverSilent: false,
  ...more,
});

type Case = [string, FailedAttempt, { query: boolean; trigger: boolean; risky: boolean }];

describe('decideRetry', () => {
  const all = { query: true, trigger: true, risky: true };
  const none = { query: false, trigger: false, risky: false };
  const notTrigger = { ...all, trigger: false };

  it.each<Case>([
    ['429', refused(429), all],
    ['503', refused(503), all],
    ['500', refused(500), notTrigger],
    ['502', refused(502), notTrigger],
    ['504', refused(504), notTrigger],
    ['599', refused(599), notTrigger],
    ['600', refused(600), none],
    ['400', refused(400), none],
    ['401', refused(401), none],
    ['403', refused(403), none],
    ['404', refused(404), none],
    ['408', refused(408), none],
    ['413', refused(413), none],
    ['422', refused(422), none],
    ['a connection that was refused', unanswered({ maybeAccepted: false }), all],
    ['a lost answer', unanswered(), notTrigger],
    ['a timeout', unanswered({ timedOut: true }), notTrigger],
    ['a timeout before it was sent', unanswered({ timedOut: true, maybeAccepted: false }), all],
    ['a timeout of a silent server', unanswered({ timedOut: true, serverSilent: true }), none],
    [
      'a timeout of a silent server before it was sent',
      unanswered({ timedOut: true, serverSilent: true, maybeAccepted: false }),
      none,
    ],
    ['nonsense', { kind: 'not-retryable' }, none],
  ])('after %s', (_what, failed, expected) => {
    const state = { ...STATE, timeoutMs: 1000 };
    const risky = { ...POLICY, retryUnanswered: true };
    expect({
      query: decideRetry(failed, { ...state, idempotent: true }, POLICY).again,
      trigger: decideRetry(failed, state, POLICY).again,
      risky: decideRetry(failed, state, risky).again,
    }).toEqual(expected);
  });

  it.each<[string, FailedAttempt, Partial<RetryState>, number]>([
    ['half of the base, by random', refused(503), {}, 50],
    ['nothing, by random', refused(503), { random: 0 }, 0],
    ['twice as long each time', refused(503), { attempt: 2 }, 100],
    ['no longer than the cap', refused(503), { attempt: 9, random: 0.9 }, 1800],
    ['as the server asked', refused(429, 700), {}, 700],
    ['longer than the server asked, by random', refused(429, 20), {}, 50],
    ['no longer than the cap, whatever the server asked', refused(429, 60_000), {}, 2000],
  ])('waits %s', (_what, failed, state, afterMs) => {
    const policy = { ...POLICY, maxAttempts: 10 };
    expect(decideRetry(failed, { ...STATE, ...state }, policy)).toEqual({ again: true, afterMs });
  });

  it.each<[string, FailedAttempt, Partial<RetryState>, boolean]>([
    ['the last attempt but one', refused(503), { attempt: 2 }, true],
    ['the last attempt', refused(503), { attempt: 3 }, false],
    ['time that is just left', refused(503), { elapsedMs: 9949 }, true],
    ['no time left', refused(503), { elapsedMs: 9950 }, false],
    [
      'a timeout that leaves time for another whole attempt',
      unanswered({ timedOut: true }),
      { idempotent: true, elapsedMs: 4900 },
      true,
    ],
    [
      'a timeout that leaves no time for another whole attempt',
      unanswered({ timedOut: true }),
      { idempotent: true, elapsedMs: 5000 },
      false,
    ],
  ])('with %s', (_what, failed, state, again) => {
    expect(decideRetry(failed, { ...STATE, ...state }, POLICY).again).toBe(again);
  });
});

describe('mayHaveWorked', () => {
  it.each<[FailedAttempt, boolean]>([
    [refused(429), false],
    [refused(503), false],
    [refused(400), false],
    [refused(500), true],
    [refused(504), true],
    [unanswered(), true],
    [unanswered({ maybeAccepted: false }), false],
    [{ kind: 'not-retryable' }, true],
  ])('%j: %s', (failed, expected) => {
    expect(mayHaveWorked(failed)).toBe(expected);
  });
});
