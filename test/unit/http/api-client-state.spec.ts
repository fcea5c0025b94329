import { describe, expect, it } from '@jest/globals';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { make, outcome, QUERY, type Setup, TRIGGER } from '../../support/raw/setup.js';
import {
  heldResponse,
  lostResponse,
  neverSent,
  type Scripted,
  silence,
  timeout,
} from '../../support/raw/transport.js';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

/** A time as HTTP writes it, by its distance from the clock of the test. */
const date = (fromNowMs: number): string => new Date(NOW + fromNowMs).toUTCString();

const expired = (serverMs: number): Scripted => ({
  status: 401,
  body: `Timestamp expired: Given timestamp (x) not within 600s of server time (${new Date(serverMs).toISOString().replace('.000', '')})\n`,
});

describe('ApiClient', () => {
  describe('with a wrong clock', () => {
    it('signs again with the server’s time, once, without waiting, and keeps it', async () => {
      const setup = make([expired(1_700_000_000_000 + HOUR), {}], { retry: { maxAttempts: 1 } });
      expect(await outcome(setup, TRIGGER, 0)).toEqual({ value: {} });
      await setup.api.request(TRIGGER);
      expect(setup.transport.sent.map(({ timestamp }) => timestamp - 1_700_000_000)).toEqual([
        0, 3600, 3600,
      ]);
      expect(setup.api.clockOffsetMs).toBe(HOUR);
      expect(setup.log.warn).toHaveLength(1);
    });

    it('signs again only once for a server that keeps changing its time', async () => {
      const lies = Array.from({ length: 9 }, (_, at) =>
        expired(1_700_000_000_000 + (at + 1) * HOUR),
      );
      const setup = make(lies);
      expect(await outcome(setup, TRIGGER)).toMatchObject({ error: { status: 401, attempts: 2 } });
      expect(setup.transport.sent).toHaveLength(2);
    });

    it('believes no more than a day', async () => {
      const setup = make([expired(1_700_000_000_000 + 25 * HOUR)]);
      expect(await outcome(setup, TRIGGER)).toMatchObject({ error: { status: 401, attempts: 1 } });
      expect(setup.api.clockOffsetMs).toBe(0);
    });

    it('learns nothing from a 500, whatever its Date says, and sends nothing again', async () => {
      const setup = make([{ status: 500, headers: { date: date(HOUR) } }, {}]);
      expect(await outcome(setup, TRIGGER)).toMatchObject({ error: { status: 500, attempts: 1 } });
      expect(setup.transport.sent).toHaveLength(1);
      expect(setup.api.clockOffsetMs).toBe(0);
    });

    it.each([
      ['an hour ahead', HOUR],
      ['an hour behind', -HOUR],
    ])('waits until a Retry-After that is a date of a server %s', async (_what, byMs) => {
      const headers = { date: date(byMs), 'retry-after': date(byMs + 1000) };
      const setup = make([{ status: 503, headers }, {}]);
      const result = setup.api.request(TRIGGER);
      await setup.clock.advance(999);
      expect(setup.transport.sent).toHaveLength(1);
      await setup.clock.advance(1);
      expect(setup.transport.sent).toHaveLength(2);
      expect(await result).toEqual({});
    });
  });

  describe('after a single timeout', () => {
    it('retries after the next single one too, however many there were before', async () => {
      const setup = make([timeout(), {}, timeout(), {}, timeout(), {}], { timeoutMs: 500 });
      for (let round = 0; round < 3; round += 1)
        expect(await outcome(setup, QUERY)).toEqual({ value: {} });
      expect(setup.transport.sent).toHaveLength(6);
    });
  });

  describe('when the server limits the rate', () => {
    it('makes all callers wait, the new ones too', async () => {
      const setup = make([{ status: 429, headers: { 'retry-after': '1' } }, {}]);
      const first = setup.api.request(TRIGGER);
      await setup.clock.advance(0);
      const second = setup.api.request(TRIGGER);
      await setup.clock.advance(999);
      expect(setup.transport.sent).toHaveLength(1);
      await setup.clock.advance(10);
      expect(await Promise.all([first, second])).toEqual([{}, {}]);
    });

    it('says so to those that are not admitted in time', async () => {
      const setup = make([{ status: 429 }, silence], {
        timeoutMs: 500,
        retry: { deadlineMs: 1000 },
      });
      const first = setup.api.request(TRIGGER).catch((error: unknown) => error);
      await setup.clock.advance(0);
      // Takes the one place there is, and stays.
      void setup.api.request(TRIGGER);
      const third = setup.api.request(TRIGGER).catch((error: unknown) => error);
      await setup.clock.advance(60_000);
      expect(await first).toMatchObject({ status: 429, attempts: 1 });
      expect(await third).toMatchObject({
        code: 'PUSHER_NOT_SENT',
        attempts: 0,
        maybeAccepted: false,
        message: expect.stringContaining('429'),
      });
    });

    it('rejects with the 429 when the next attempt is not admitted in time', async () => {
      const limited: Scripted = { status: 429, headers: { 'retry-after': '1' } };
      const setup = make([limited], { retry: { deadlineMs: 2500, maxAttempts: 9 } });
      expect(await outcome(setup, TRIGGER)).toMatchObject({ error: { status: 429 } });
    });
  });

  describe('settled', () => {
    it('waits for what is in flight, and for nothing that comes later', async () => {
      const held = heldResponse({ status: 400, body: '' });
      const setup = make([held.script, silence]);
      const first = setup.api.request(QUERY).catch((error: unknown) => error);
      let settled = false;
      const waiting = setup.api.settled().then(() => (settled = true));
      void setup.api.request(QUERY);
      await setup.clock.advance(0);
      expect(settled).toBe(false);
      held.release();
      await waiting;
      expect(await first).toBeInstanceOf(PusherRequestError);
    });
  });

  describe('close', () => {
    it('rejects new requests, lets those in flight finish, and closes the transport', async () => {
      const held = heldResponse({ body: '{"a":1}' });
      const setup = make([held.script]);
      const first = setup.api.request(TRIGGER);
      const closing = setup.api.close(1000);
      await expect(setup.api.request(TRIGGER)).rejects.toMatchObject({
        code: 'PUSHER_NOT_SENT',
        message: expect.stringContaining('shutting down'),
      });
      expect(setup.transport.destroyed).toBe(0);
      held.release();
      expect(await closing).toEqual({ unsentEvents: 0, unanswered: 0 });
      expect(await first).toEqual({ a: 1 });
      expect(setup.transport.destroyed).toBe(1);
      expect(setup.clock.sleeping).toBe(0);
    });

    it('returns how many had no response when the time was over', async () => {
      const setup = make([silence]);
      for (let at = 0; at < 3; at += 1) void setup.api.request(TRIGGER);
      const closing = setup.api.close(1000);
      await setup.clock.advance(1000);
      expect(await closing).toEqual({ unsentEvents: 0, unanswered: 3 });
    });

    it('returns how many were never sent', async () => {
      const failures = [neverSent(), neverSent(), lostResponse()];
      const setup: Setup = make([
        () => setup.transport.ended.then(() => Promise.reject(failures.pop())),
      ]);
      for (let at = 0; at < 3; at += 1) setup.api.request(TRIGGER).catch(() => undefined);
      const closing = setup.api.close(1000);
      await setup.clock.advance(1000);
      expect(await closing).toEqual({ unsentEvents: 2, unanswered: 1 });
    });

    it('counts each event of a batch that was not sent, and no query', async () => {
      const setup: Setup = make([
        () => setup.transport.ended.then(() => Promise.reject(neverSent())),
      ]);
      for (const request of [{ ...TRIGGER, events: 10 }, QUERY])
        setup.api.request(request).catch(() => undefined);
      const closing = setup.api.close(1000);
      await setup.clock.advance(1000);
      expect(await closing).toEqual({ unsentEvents: 10, unanswered: 0 });
    });

    it('wakes those that wait for their next attempt; they fail with the last error', async () => {
      const setup = make([{ status: 503, headers: { 'retry-after': '2' } }]);
      const failed = setup.api.request(TRIGGER).catch((error: unknown) => error);
      await setup.clock.advance(0);
      const closing = setup.api.close(100);
      await setup.clock.advance(100);
      expect(await closing).toEqual({ unsentEvents: 1, unanswered: 0 });
      expect(await failed).toMatchObject({ status: 503 });
      expect(setup.clock.sleeping).toBe(0);
    });

    it('turns those away at once that wait because of a 429', async () => {
      const setup = make([{ status: 429, headers: { 'retry-after': '2' } }]);
      const ends: unknown[] = [];
      const first = setup.api.request(TRIGGER).catch((error: unknown) => error);
      await setup.clock.advance(0);
      for (let at = 0; at < 3; at += 1)
        setup.api.request(TRIGGER).catch((error: unknown) => ends.push(error));
      const closing = setup.api.close(100);
      await setup.clock.advance(100);
      expect(await closing).toEqual({ unsentEvents: 4, unanswered: 0 });
      const turnedAway = { code: 'PUSHER_NOT_SENT', attempts: 0, maybeAccepted: false };
      expect(ends).toMatchObject([turnedAway, turnedAway, turnedAway]);
      expect(await first).toMatchObject({ status: 429 });
      expect([setup.api.pending, setup.clock.sleeping]).toEqual([0, 0]);
    });

    it('can be called twice', async () => {
      const none = { unsentEvents: 0, unanswered: 0 };
      const setup = make([{}]);
      expect(await Promise.all([setup.api.close(10), setup.api.close(10)])).toEqual([none, none]);
    });
  });
});
