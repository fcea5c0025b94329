import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../lib/http/transport/http-transport.js';
import { MAX_CLOCK_OFFSET_MS, ServerClock, serverTimeOf } from '../../../lib/http/server-clock.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

const HOUR = 3_600_000;
const OURS = Date.parse('2026-11-24T06:00:00Z');

function expired(serverMs: number): HttpResponse {
  const time = new Date(serverMs).toISOString().replace('.000', '');
  const body = `Timestamp expired: Given timestamp (2026-11-24T06:00:00Z) not within 600s of server time (${time})\n`;
  return { status: 401, headers: {}, body };
}

function dated(serverMs: number): HttpResponse {
  return {
    status: 401,
    headers: { date: new Date(serverMs).toUTCString() },
    body: 'Unauthorized',
  };
}

function make(): { clock: ServerClock; warnings: string[] } {
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) };
  return { clock: new ServerClock(new ManualClock(OURS), log), warnings };
}

describe('serverTimeOf', () => {
  it.each<[string, HttpResponse, number | undefined]>([
    ['the body', expired(OURS), OURS],
    ['the Date', dated(OURS), OURS],
    [
      'the body rather than the Date',
      { ...expired(OURS), headers: { date: new Date(OURS + HOUR).toUTCString() } },
      OURS,
    ],
    [
      'the body in JSON, as soketi and sockudo send it',
      { ...expired(OURS), body: JSON.stringify({ error: expired(OURS).body, code: 401 }) },
      OURS,
    ],
    ['nothing', { status: 401, headers: {}, body: 'Invalid signature' }, undefined],
    ['an invalid Date', { status: 401, headers: { date: 'yesterday' }, body: '' }, undefined],
  ])('reads %s', (_what, response, time) => {
    expect(serverTimeOf(response)).toBe(time);
  });
});

describe('ServerClock', () => {
  it.each([
    ['an hour behind', HOUR],
    ['an hour ahead', -HOUR],
    ['a day behind', MAX_CLOCK_OFFSET_MS],
    ['a day ahead', -MAX_CLOCK_OFFSET_MS],
    ['five minutes behind', 300_000],
  ])('learns that our clock is %s', (_what, offsetMs) => {
    for (const response of [expired(OURS + offsetMs), dated(OURS + offsetMs)]) {
      const { clock } = make();
      expect(clock.learnFrom(response, 0)).toBe(true);
      expect(clock.offsetMs).toBe(offsetMs);
      expect(clock.now()).toBe(OURS + offsetMs);
    }
  });

  it.each([
    ['over a day into the future', MAX_CLOCK_OFFSET_MS + 1000],
    ['over a day into the past', -MAX_CLOCK_OFFSET_MS - 1000],
    ['into 2100', Date.parse('2100-01-01T00:00:00Z') - OURS],
    ['by less than what servers allow', 299_000],
    ['by nothing', 0],
  ])('is not moved %s', (_what, offsetMs) => {
    for (const response of [expired(OURS + offsetMs), dated(OURS + offsetMs)]) {
      const { clock, warnings } = make();
      expect(clock.learnFrom(response, 0)).toBe(false);
      expect(clock.offsetMs).toBe(0);
      expect(warnings).toEqual([]);
    }
  });

  it('warns once, with the difference in seconds', () => {
    const { clock, warnings } = make();
    clock.learnFrom(expired(OURS + HOUR), 0);
    clock.learnFrom(expired(OURS + 3 * HOUR), HOUR);
    expect(warnings).toEqual([expect.stringContaining('3600 s behind the Channels server')]);
    expect(clock.offsetMs).toBe(3 * HOUR);
  });

  it('has those signed again that were in flight when it learnt', () => {
    const { clock, warnings } = make();
    expect(clock.learnFrom(expired(OURS + HOUR), 0)).toBe(true);
    expect(clock.learnFrom(expired(OURS + HOUR + 2000), 0)).toBe(true);
    expect(clock.offsetMs).toBe(HOUR);
    expect(warnings).toHaveLength(1);
  });

  it('does not have signed again what was signed with the right time', () => {
    const { clock } = make();
    clock.learnFrom(expired(OURS + HOUR), 0);
    expect(clock.learnFrom(dated(OURS + HOUR + 2000), HOUR)).toBe(false);
  });

  it('learns back when our clock is set', () => {
    const { clock } = make();
    clock.learnFrom(expired(OURS + HOUR), 0);
    expect(clock.learnFrom(expired(OURS), HOUR)).toBe(true);
    expect(clock.offsetMs).toBe(0);
  });
});
