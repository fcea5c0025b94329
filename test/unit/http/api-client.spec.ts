import { describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import type { ApiRequest } from '../../../lib/http/api.js';
import { ApiClient } from '../../../lib/http/api-client.js';
import { KnownChance } from '../../support/known-chance.js';
import { ManualClock } from '../../support/manual-clock.js';
import { rawOptions, type RawOptions } from '../../support/raw-options.js';
import {
  heldAnswer,
  lostAnswer,
  refusedConnection,
  type Scripted,
  ScriptedTransport,
  silence,
  timeout,
} from '../../support/raw-transport.js';

const TRIGGER: ApiRequest = { method: 'POST', path: '/events', body: '{"a":1}', repeatable: false };
const QUERY: ApiRequest = { method: 'GET', path: '/channels', repeatable: true };
const HOUR = 3_600_000;

interface Setup {
  api: ApiClient;
  transport: ScriptedTransport;
  clock: ManualClock;
  log: { debug: string[]; warn: string[] };
}

function make(script: Scripted[], options: RawOptions = {}): Setup {
  const transport = new ScriptedTransport(...script);
  const clock = new ManualClock();
  const log = { debug: [] as string[], warn: [] as string[] };
  const api = new ApiClient({
    options: rawOptions({
      ...options,
      retry: { baseDelayMs: 100, maxDelayMs: 2000, deadlineMs: 10_000, ...options.retry },
    }),
    transport,
    clock,
    chance: new KnownChance(),
    logger: {
      debug: (message) => void log.debug.push(message),
      warn: (message) => void log.warn.push(message),
    },
  });
  return { api, transport, clock, log };
}

/** What became of the request after the time has passed. */
async function outcome(
  { api, clock }: Setup,
  request: ApiRequest,
  passMs = 60_000,
): Promise<unknown> {
  const settled = api.request(request).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await clock.advance(passMs);
  return settled;
}

describe('ApiClient', () => {
  it('gives the JSON of the answer', async () => {
    const setup = make([{ body: '{"channels":{"a":{}}}' }]);
    expect(await setup.api.request(QUERY)).toEqual({ channels: { a: {} } });
    expect(setup.transport.sent).toHaveLength(1);
    expect(setup.transport.sent[0]?.timeoutMs).toBe(2000);
  });

  it('signs each attempt anew and sends the same bytes', async () => {
    const setup = make([{ status: 503 }, { status: 503, headers: { 'retry-after': '2' } }, {}]);
    expect(await outcome(setup, TRIGGER)).toEqual({ value: {} });
    const { sent } = setup.transport;
    expect(sent).toHaveLength(3);
    expect(sent.map(({ body }) => body?.toString())).toEqual(Array(3).fill('{"a":1}'));
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    expect((sent[2]?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBe(2);
    expect(sent[2]?.target).not.toBe(sent[0]?.target);
  });

  it.each<[string, Scripted, ApiRequest, number]>([
    ['a query after a lost answer', lostAnswer(), QUERY, 2],
    ['a query after a 500', { status: 500 }, QUERY, 2],
    ['a trigger after a refused connection', refusedConnection(), TRIGGER, 2],
    ['a trigger after 429', { status: 429 }, TRIGGER, 2],
    ['a trigger after soketi’s 429', { body: '{"error":"x","code":429}' }, TRIGGER, 2],
    ['no trigger after a lost answer', lostAnswer(), TRIGGER, 1],
    ['no trigger after a 500', { status: 500 }, TRIGGER, 1],
    ['no query after a 400', { status: 400 }, QUERY, 1],
    ['no query after nonsense', { body: '<html>' }, QUERY, 1],
    ['no query after a redirect', { status: 301 }, QUERY, 1],
  ])('sends again: %s', async (_what, first, request, attempts) => {
    const setup = make([first, {}]);
    const result = await outcome(setup, request);
    expect(setup.transport.sent).toHaveLength(attempts);
    expect(result).toHaveProperty(attempts > 1 ? 'value' : 'error');
  });

  it('gives up after the attempts it has, and says how many', async () => {
    const setup = make([{ status: 500, body: 'Oh no\n' }]);
    const { error } = (await outcome(setup, QUERY)) as { error: PusherRequestError };
    expect(error).toBeInstanceOf(PusherRequestError);
    expect(error).toMatchObject({
      code: 'PUSHER_REQUEST_REFUSED',
      status: 500,
      path: '/apps/3/channels',
      attempts: 3,
      retryable: true,
      body: 'Oh no\n',
    });
    expect(error.message).toMatch(/after 3 attempts: Oh no\. The server has a fault/);
  });

  it('says what happened when no answer came', async () => {
    const setup = make([refusedConnection()]);
    const { error } = (await outcome(setup, TRIGGER)) as { error: PusherConnectionError };
    expect(error).toBeInstanceOf(PusherConnectionError);
    expect(error).toMatchObject({
      code: 'PUSHER_CONNECTION_FAILED',
      method: 'POST',
      path: '/apps/3/events',
      attempts: 3,
      maybeAccepted: false,
    });
    expect(error.message).toBe(
      'POST /apps/3/events got no answer after 3 attempts: connect ECONNREFUSED 127.0.0.1:9. Check host and port, and that the server runs.',
    );
  });

  it.each([
    ['a lost answer', lostAnswer()],
    ['a 500', { status: 500 }],
    ['nonsense', { status: 504 }],
  ])('remembers that it may have been accepted at an earlier attempt: %s', async (_what, first) => {
    const setup = make([first, refusedConnection()], { retry: { retryUnanswered: true } });
    expect(await outcome(setup, TRIGGER)).toMatchObject({
      error: { code: 'PUSHER_CONNECTION_FAILED', maybeAccepted: true, attempts: 3 },
    });
  });

  it('gives later attempts no more time than is left', async () => {
    const slow: Scripted = async (_request, timeoutMs) => {
      await setup.clock.sleep(timeoutMs);
      throw timeout();
    };
    const setup: Setup = make([slow], {
      timeoutMs: 1800,
      retry: { deadlineMs: 2000, maxAttempts: 9 },
    });
    await outcome(setup, QUERY);
    expect(setup.transport.sent).toHaveLength(1);

    const failing: Scripted = async () => {
      await setup2.clock.sleep(700);
      return { status: 500, headers: {}, body: '' };
    };
    const setup2: Setup = make([failing], {
      timeoutMs: 1800,
      retry: { deadlineMs: 2000, maxAttempts: 9 },
    });
    await outcome(setup2, QUERY);
    expect(setup2.transport.sent.map(({ timeoutMs }) => timeoutMs)).toEqual([1800, 1250, 450]);
  });

  it('costs the callers of a silent server one timeout each', async () => {
    const slow: Scripted = async (_request, timeoutMs) => {
      await setup.clock.sleep(timeoutMs);
      throw timeout();
    };
    const setup: Setup = make([slow], { timeoutMs: 500 });
    const all = Array.from({ length: 20 }, () => setup.api.request(QUERY).catch(() => undefined));
    await setup.clock.advance(60_000);
    await Promise.all(all);
    // One of them tries again, to see whether it was bad luck.
    expect(setup.transport.sent).toHaveLength(21);
  });

  it('tries a query again after a timeout that was bad luck', async () => {
    const setup = make([timeout(), {}], { timeoutMs: 500 });
    expect(await outcome(setup, QUERY)).toEqual({ value: {} });
  });

  describe('with a clock that is wrong', () => {
    const expired = (serverMs: number): Scripted => ({
      status: 401,
      body: `Timestamp expired: Given timestamp (x) not within 600s of server time (${new Date(serverMs).toISOString().replace('.000', '')})\n`,
    });

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

    it('does not sign again and again for a server that keeps changing its mind', async () => {
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

    it('says so to those whose turn does not come in time', async () => {
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

    it('tells a caller of the 429 when its next turn does not come in time', async () => {
      const refuse: Scripted = { status: 429, headers: { 'retry-after': '1' } };
      const setup = make([refuse], { retry: { deadlineMs: 2500, maxAttempts: 9 } });
      expect(await outcome(setup, TRIGGER)).toMatchObject({ error: { status: 429 } });
    });
  });

  describe('logs', () => {
    it('one line for each attempt', async () => {
      const setup = make([{ status: 503 }, lostAnswer(), {}]);
      await outcome(setup, QUERY);
      expect(setup.log.debug).toEqual([
        'GET /apps/3/channels 503, attempt 1, 0 ms',
        'GET /apps/3/channels no answer (read ECONNRESET), attempt 2, 0 ms',
        'GET /apps/3/channels 200, attempt 3, 0 ms',
      ]);
    });

    it('the status in the body where a server puts it there', async () => {
      const setup = make([{ body: '{"error":"No","code":404}' }]);
      await outcome(setup, QUERY);
      expect(setup.log.debug).toEqual(['GET /apps/3/channels 404, attempt 1, 0 ms']);
    });
  });

  it.each<[string, Partial<ApiRequest>]>([
    ['a reserved parameter', { query: { auth_key: 'x' } }],
    ['a path with a query', { path: '/channels?x=1' }],
    ['a path with white space', { path: '/channels/a b' }],
    ['a path that does not begin with a slash', { path: 'channels' }],
  ])('rejects %s, sends nothing, and goes on', async (_what, bad) => {
    const setup = make([{}]);
    await expect(setup.api.request({ ...QUERY, ...bad })).rejects.toBeInstanceOf(
      PusherValidationError,
    );
    expect(setup.transport.sent).toEqual([]);
    expect(await setup.api.request(QUERY)).toEqual({});
    expect(setup.api.pending).toBe(0);
  });

  describe('settled', () => {
    it('waits for what is under way, and for nothing that comes later', async () => {
      const held = heldAnswer({ status: 400, body: '' });
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
    it('refuses what comes, lets finish what is under way, and ends the transport', async () => {
      const held = heldAnswer({ body: '{"a":1}' });
      const setup = make([held.script]);
      const first = setup.api.request(TRIGGER);
      const closing = setup.api.close(1000);
      await expect(setup.api.request(TRIGGER)).rejects.toMatchObject({
        code: 'PUSHER_NOT_SENT',
        message: expect.stringContaining('shutting down'),
      });
      expect(setup.transport.destroyed).toBe(0);
      held.release();
      expect(await closing).toBe(0);
      expect(await first).toEqual({ a: 1 });
      expect(setup.transport.destroyed).toBe(1);
      expect(setup.clock.sleeping).toBe(0);
    });

    it('says how many were left when the time was over', async () => {
      const setup = make([silence]);
      for (let at = 0; at < 3; at += 1) void setup.api.request(TRIGGER);
      const closing = setup.api.close(1000);
      await setup.clock.advance(1000);
      expect(await closing).toBe(3);
    });

    it('wakes those that wait for their next attempt; they get the last error', async () => {
      const setup = make([{ status: 503, headers: { 'retry-after': '2' } }]);
      const failed = setup.api.request(TRIGGER).catch((error: unknown) => error);
      await setup.clock.advance(0);
      const closing = setup.api.close(100);
      await setup.clock.advance(100);
      expect(await closing).toBe(1);
      expect(await failed).toMatchObject({ status: 503 });
      expect(setup.clock.sleeping).toBe(0);
    });

    it('can be called twice', async () => {
      const setup = make([{}]);
      expect(await Promise.all([setup.api.close(10), setup.api.close(10)])).toEqual([0, 0]);
    });
  });
});
