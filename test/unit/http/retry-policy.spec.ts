import { describe, expect, it } from '@jest/globals';
import type { FailedAttempt, Rejected, Unanswered } from '../../../lib/http/attempt.js';
import { judgeResponse } from '../../../lib/http/response/judge-response.js';
import { decideRetry, type RetryState } from '../../../lib/http/retry-policy.js';

const POLICY = {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 2000,
  deadlineMs: 10_000,
  retryUnanswered: false,
};
const STATE: RetryState = {
  attempts: 1,
  idempotent: false,
  signedAgain: false,
  remainingMs: 9990,
  timeoutMs: 5000,
  random: 0.5,
};

function rejected(status: number, retryAfterMs?: number): Rejected {
  const judgement = judgeResponse({ status, headers: {}, body: 'No' }, 0);
  if (judgement.kind === 'accepted') throw new Error(`${status} is not a rejection`);
  return { ...judgement, retryAfterMs, signedWithWrongTime: false };
}

function unanswered(more: Partial<Unanswered> = {}): Unanswered {
  return {
    kind: 'unanswered',
    code: 'PUSHER_CONNECTION_FAILED',
    message: 'read ECONNRESET',
    maybeAccepted: true,
    timeoutsInARow: 0,
    ...more,
  };
}

function timeout(more: Partial<Unanswered> = {}): Unanswered {
  return unanswered({ code: 'PUSHER_TIMEOUT', timeoutsInARow: 1, ...more });
}

type Case = [string, FailedAttempt, { query: boolean; trigger: boolean; risky: boolean }];

describe('decideRetry', () => {
  const all = { query: true, trigger: true, risky: true };
  const none = { query: false, trigger: false, risky: false };
  const notTrigger = { ...all, trigger: false };

  it.each<Case>([
    ['429', rejected(429), all],
    ['503', rejected(503), all],
    ['500', rejected(500), notTrigger],
    ['502', rejected(502), notTrigger],
    ['504', rejected(504), notTrigger],
    ['599', rejected(599), notTrigger],
    ['600', rejected(600), none],
    ['400', rejected(400), none],
    ['401', rejected(401), none],
    ['403', rejected(403), none],
    ['404', rejected(404), none],
    ['408', rejected(408), none],
    ['413', rejected(413), none],
    ['422', rejected(422), none],
    ['a connection that was refused', unanswered({ maybeAccepted: false }), all],
    ['a lost response', unanswered(), notTrigger],
    ['a timeout', timeout(), notTrigger],
    ['a timeout before it was sent', timeout({ maybeAccepted: false }), all],
    ['a second timeout in a row', timeout({ timeoutsInARow: 2 }), none],
    [
      'a second timeout in a row before it was sent',
      timeout({ timeoutsInARow: 2, maybeAccepted: false }),
      none,
    ],
    ['a bad response', rejected(301), none],
    ['a request that was not sent', unanswered({ code: 'PUSHER_NOT_SENT' }), none],
    [
      'a request that was certainly not sent',
      unanswered({ code: 'PUSHER_NOT_SENT', maybeAccepted: false }),
      none,
    ],
  ])('after %s', (_what, failed, expected) => {
    const state = { ...STATE, timeoutMs: 1000 };
    const risky = { ...POLICY, retryUnanswered: true };
    expect({
      query: decideRetry(failed, { ...state, idempotent: true }, POLICY).next === 'retry',
      trigger: decideRetry(failed, state, POLICY).next === 'retry',
      risky: decideRetry(failed, state, risky).next === 'retry',
    }).toEqual(expected);
  });

  it.each<[string, FailedAttempt, Partial<RetryState>, number]>([
    ['half of the base, by random', rejected(503), {}, 50],
    ['nothing, by random', rejected(503), { random: 0 }, 0],
    ['twice as long each time', rejected(503), { attempts: 2 }, 100],
    ['no longer than the cap', rejected(503), { attempts: 9, random: 0.9 }, 1800],
    ['as the server asked', rejected(429, 700), {}, 700],
    ['longer than the server asked, by random', rejected(429, 20), {}, 50],
    ['no longer than the cap, whatever the server asked', rejected(429, 60_000), {}, 2000],
  ])('waits %s', (_what, failed, state, afterMs) => {
    const policy = { ...POLICY, maxAttempts: 10 };
    expect(decideRetry(failed, { ...STATE, ...state }, policy)).toMatchObject({
      next: 'retry',
      afterMs,
    });
  });

  it.each<[string, FailedAttempt, Partial<RetryState>, 'retry' | 'give-up']>([
    ['the last attempt but one', rejected(503), { attempts: 2 }, 'retry'],
    ['the last attempt', rejected(503), { attempts: 3 }, 'give-up'],
    ['time that is just left', rejected(503), { remainingMs: 51 }, 'retry'],
    ['no time left', rejected(503), { remainingMs: 50 }, 'give-up'],
    [
      'a timeout that leaves time for another whole attempt',
      timeout(),
      { idempotent: true, remainingMs: 5100 },
      'retry',
    ],
    [
      'a timeout that leaves no time for another whole attempt',
      timeout(),
      { idempotent: true, remainingMs: 5000 },
      'give-up',
    ],
  ])('with %s', (_what, failed, state, next) => {
    expect(decideRetry(failed, { ...STATE, ...state }, POLICY).next).toBe(next);
  });

  it.each<[string, Partial<Rejected>, Partial<RetryState>, 'sign-again' | 'give-up']>([
    ['once when its time was wrong', { signedWithWrongTime: true }, {}, 'sign-again'],
    [
      'even after the last attempt',
      { signedWithWrongTime: true },
      { attempts: 3, remainingMs: -10_000 },
      'sign-again',
    ],
    ['no second time', { signedWithWrongTime: true }, { signedAgain: true }, 'give-up'],
    ['not when its time was right', {}, {}, 'give-up'],
  ])('has it signed again %s', (_when, result, state, next) => {
    const failed = { ...rejected(401), ...result };
    expect(decideRetry(failed, { ...STATE, ...state }, POLICY).next).toBe(next);
  });

  it.each<[string, FailedAttempt, number | undefined]>([
    ['429', rejected(429), 0],
    ['429 with Retry-After', rejected(429, 700), 700],
    ['503 with Retry-After', rejected(503, 700), 700],
    ['503', rejected(503), undefined],
    ['500 with Retry-After', rejected(500, 700), undefined],
    ['a bad response', rejected(301, 700), undefined],
    ['a lost response', unanswered(), undefined],
  ])(
    'pauses all callers after %s as long as asked, also at the last attempt',
    (_what, failed, ms) => {
      for (const attempts of [1, 3])
        expect(decideRetry(failed, { ...STATE, attempts }, POLICY).pauseAllMs).toBe(ms);
    },
  );
});
