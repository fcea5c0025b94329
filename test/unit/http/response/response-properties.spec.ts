import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { SecretRedactor } from '../../../../lib/http/secret-redactor.js';
import type { HttpResponse } from '../../../../lib/http/transport/http-transport.js';
import { judgeResponse } from '../../../../lib/http/response/judge-response.js';
import { readRetryAfter } from '../../../../lib/http/response/retry-after.js';
import { decideRetry, type FailedAttempt } from '../../../../lib/http/retry-policy.js';
import { MAX_CLOCK_OFFSET_MS, ServerClock } from '../../../../lib/http/server-clock.js';
import { Secret } from '../../../../lib/runtime/secret.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { rawOptions } from '../../../support/raw/options.js';

const RUNS = { numRuns: 10_000 };

jest.setTimeout(60_000);

const text = fc.string({ unit: 'grapheme', maxLength: 30 });

const anyAnswer: fc.Arbitrary<HttpResponse> = fc.record({
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

describe('whatever a server answers', () => {
  it('is judged, never thrown at', () => {
    fc.assert(
      fc.property(anyAnswer, (answer) => {
        const judgement = judgeResponse(answer);
        const success = answer.status >= 200 && answer.status < 300;
        return judgement.accepted ? success : judgement.remedy !== '';
      }),
      RUNS,
    );
  });

  it('never asks for a wait that is no number', () => {
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

  it('tells no secret that it repeats', () => {
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
      kind: fc.constant('refused' as const),
      status: fc.integer({ min: 100, max: 999 }),
      retryAfterMs: fc.option(fc.nat(100_000), { nil: undefined }),
    }),
    fc.record({
      kind: fc.constant('unanswered' as const),
      maybeAccepted: fc.boolean(),
      timedOut: fc.boolean(),
      serverSilent: fc.boolean(),
    }),
    fc.constant({ kind: 'not-retryable' as const }),
  );
  const state = fc.record({
    attempt: fc.integer({ min: 1, max: 12 }),
    idempotent: fc.boolean(),
    elapsedMs: fc.nat(20_000),
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

  it('stays within attempts, cap and deadline, and never doubles an event unasked', () => {
    fc.assert(
      fc.property(failed, state, policy, (how, where, rules) => {
        const verdict = decideRetry(how, where, rules);
        if (!verdict.again) return;
        expect(where.attempt).toBeLessThan(rules.maxAttempts);
        expect(verdict.afterMs).toBeGreaterThanOrEqual(0);
        expect(verdict.afterMs).toBeLessThanOrEqual(rules.maxDelayMs);
        expect(where.elapsedMs + verdict.afterMs).toBeLessThan(rules.deadlineMs);
        const unasked = !where.idempotent && !rules.retryUnanswered;
        const doubled = how.kind === 'unanswered' && how.maybeAccepted;
        expect(unasked && doubled).toBe(false);
      }),
      RUNS,
    );
  });
});
