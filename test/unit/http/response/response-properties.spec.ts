import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { SecretRedactor } from '../../../../lib/http/secret-redactor.js';
import type { HttpResponse } from '../../../../lib/http/transport/http-transport.js';
import type { FailedAttempt } from '../../../../lib/http/attempt.js';
import { judgeResponse, readRetryAfter } from '../../../../lib/http/response/judge-response.js';
import { decideRetry } from '../../../../lib/http/retry-policy.js';
import { MAX_CLOCK_OFFSET_MS, ServerClock } from '../../../../lib/http/server-clock.js';
import { Secret } from '../../../../lib/runtime/secret.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { rawOptions } from '../../../support/raw/options.js';

const RUNS = { numRuns: 10_000 };

jest.setTimeout(60_000);

const text = fc.string({ unit: 'grapheme', maxLength: 30 });

const anyResponse: fc.Arbitrary<HttpResponse> = fc.record({
  status: fc.integer({ min: 100, max: 999 }),
  body: fc.oneof(
    text,
    fc.json(),
    fc
      .record({ error: fc.oneof(text, fc.integer()), code: fc.oneof(fc.integer(), text) })
      .map((one) => JSON.stringify(one)),
  ),
  headers: fc.dictionary(fc.constantFrom('location', 'retry-after', 'date'), text),
});

describe('a response, whatever is in it,', () => {
  it('is judged without an exception', () => {
    fc.assert(
      fc.property(anyResponse, (response) => {
        const judgement = judgeResponse(response, 1_700_000_000_000);
        const success = response.status >= 200 && response.status < 300;
        return judgement.kind === 'accepted' ? success : judgement.remedy !== '';
      }),
      RUNS,
    );
  });

  it('never results in a delay that is not a number', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.double().map(String),
          fc.date().map((at) => at.toString()),
        ),
        (header) => {
          const wait = readRetryAfter(header, 1_700_000_000_000) ?? 0;
          return Number.isFinite(wait) && wait >= 0;
        },
      ),
      RUNS,
    );
  });

  it('never moves the clock beyond the bound', () => {
    const times = fc.date({ noInvalidDate: true }).map((at) => at.toISOString().slice(0, 19));
    fc.assert(
      fc.property(fc.array(times, { maxLength: 4 }), (said) => {
        const clock = new ServerClock(new ManualClock(), { warn: () => undefined });
        for (const time of said)
          clock.learnFrom(
            { status: 401, headers: {}, body: `Timestamp expired: x server time (${time}Z)` },
            clock.offsetMs,
          );
        return Math.abs(clock.offsetMs) <= MAX_CLOCK_OFFSET_MS;
      }),
      RUNS,
    );
  });

  it('shows no secret that it repeats', () => {
    const secret = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 30 });
    const signature = fc.string({
      unit: fc.constantFrom(...'0123456789abcdef'.split('')),
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(secret, signature, text, text, (hidden, hex, before, after) => {
        const redactor = new SecretRedactor(
          rawOptions({ credentials: { key: 'k', secret: new Secret(hidden) } }),
        );
        // What stands around it must not itself be part of it.
        fc.pre(!`${before}${after}`.includes(hidden));
        const said = redactor.excerpt(
          `${before}|${hidden}|${encodeURIComponent(hidden)}|${hex}|${after}`,
        );
        return !said.includes(hex) && !said.includes(`|${hidden}|`);
      }),
      RUNS,
    );
  });
});

describe('a retry', () => {
  const failed: fc.Arbitrary<FailedAttempt> = fc.oneof(
    fc.record({
      kind: fc.constant('rejected' as const),
      code: fc.constantFrom('PUSHER_REQUEST_REJECTED' as const, 'PUSHER_BAD_RESPONSE' as const),
      status: fc.integer({ min: 100, max: 999 }),
      text: text,
      remedy: text,
      maybeAccepted: fc.boolean(),
      retryAfterMs: fc.option(fc.nat(100_000), { nil: undefined }),
      signedWithWrongTime: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('unanswered' as const),
      code: fc.constantFrom(
        'PUSHER_CONNECTION_FAILED' as const,
        'PUSHER_TIMEOUT' as const,
        'PUSHER_NOT_SENT' as const,
      ),
      message: text,
      maybeAccepted: fc.boolean(),
      timeoutsInARow: fc.nat(3),
    }),
  );
  const state = fc.record({
    attempts: fc.integer({ min: 1, max: 12 }),
    idempotent: fc.boolean(),
    signedAgain: fc.boolean(),
    remainingMs: fc.integer({ min: -20_000, max: 20_000 }),
    timeoutMs: fc.integer({ min: 1, max: 10_000 }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  const policy = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 10 }),
    baseDelayMs: fc.nat(1000),
    maxDelayMs: fc.nat(5000),
    deadlineMs: fc.nat(20_000),
    retryUnanswered: fc.boolean(),
  });

  it('stays within attempts, cap and deadline, and never doubles an event unless allowed to', () => {
    fc.assert(
      fc.property(failed, state, policy, (how, where, rules) => {
        const decision = decideRetry(how, where, rules);
        if (decision.next !== 'retry') return;
        expect(where.attempts).toBeLessThan(rules.maxAttempts);
        expect(decision.afterMs).toBeGreaterThanOrEqual(0);
        expect(decision.afterMs).toBeLessThanOrEqual(rules.maxDelayMs);
        expect(decision.afterMs).toBeLessThan(where.remainingMs);
        const unasked = !where.idempotent && !rules.retryUnanswered;
        const doubled = how.maybeAccepted;
        expect(unasked && doubled).toBe(false);
      }),
      RUNS,
    );
  });
});
