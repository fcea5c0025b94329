import { describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import type { ApiRequest } from '../../../lib/http/api.js';
import { make, outcome, QUERY, type Setup, TRIGGER } from '../../support/raw/setup.js';
import {
  lostResponse,
  refusedConnection,
  type Scripted,
  timeout,
} from '../../support/raw/transport.js';

describe('ApiClient', () => {
  it('resolves with the JSON of the response', async () => {
    const setup = make([{ body: '{"channels":{"a":{}}}' }]);
    expect(await setup.api.request(QUERY)).toEqual({ channels: { a: {} } });
    expect(setup.transport.sent).toHaveLength(1);
    expect(setup.transport.sent[0]?.timeoutMs).toBe(2000);
  });

  it('signs each attempt again and sends the same bytes', async () => {
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
    ['a query after a lost response', lostResponse(), QUERY, 2],
    ['a query after a 500', { status: 500 }, QUERY, 2],
    ['a trigger after a refused connection', refusedConnection(), TRIGGER, 2],
    ['a trigger after 429', { status: 429 }, TRIGGER, 2],
    ['a trigger after soketi’s 429', { body: '{"error":"x","code":429}' }, TRIGGER, 2],
    ['no trigger after a lost response', lostResponse(), TRIGGER, 1],
    ['no trigger after a 500', { status: 500 }, TRIGGER, 1],
    ['no query after a 400', { status: 400 }, QUERY, 1],
    ['no query after HTML', { body: '<html>' }, QUERY, 1],
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
      code: 'PUSHER_REQUEST_REJECTED',
      status: 500,
      path: '/apps/3/channels',
      attempts: 3,
      retryable: true,
      body: 'Oh no\n',
    });
    expect(error.message).toMatch(/after 3 attempts: Oh no\. The server failed\./);
  });

  it('says what happened when there was no response', async () => {
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
      'POST /apps/3/events at 127.0.0.1:9 got no response after 3 attempts: connect ECONNREFUSED 127.0.0.1:9. Check host and port, and that the server is running.',
    );
  });

  it.each([
    ['a lost response', lostResponse()],
    ['a 500', { status: 500 }],
    ['a 504', { status: 504 }],
  ])('remembers that it may have been accepted at an earlier attempt: %s', async (_what, first) => {
    const setup = make([first, refusedConnection()], { retry: { retryUnanswered: true } });
    expect(await outcome(setup, TRIGGER)).toMatchObject({
      error: { code: 'PUSHER_CONNECTION_FAILED', maybeAccepted: true, attempts: 3 },
    });
  });

  it('limits later attempts to the time that is left', async () => {
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

  it('costs the callers of a server that does not respond one timeout each', async () => {
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

  describe('logs', () => {
    it('one line for each attempt', async () => {
      const setup = make([{ status: 503 }, lostResponse(), {}]);
      await outcome(setup, QUERY);
      expect(setup.log.debug).toEqual([
        'GET /apps/3/channels 503, attempt 1, 0 ms',
        'GET /apps/3/channels no response (read ECONNRESET), attempt 2, 0 ms',
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
  ])('rejects %s, sends nothing, and keeps working', async (_what, bad) => {
    const setup = make([{}]);
    await expect(setup.api.request({ ...QUERY, ...bad })).rejects.toBeInstanceOf(
      PusherValidationError,
    );
    expect(setup.transport.sent).toEqual([]);
    expect(await setup.api.request(QUERY)).toEqual({});
    expect(setup.api.pending).toBe(0);
  });
});
