import { describe, expect, it } from '@jest/globals';
import type { Rejected, Unanswered } from '../../../lib/http/attempt.js';
import { notSentError, toError } from '../../../lib/http/errors.js';
import { ALL_BUSY } from '../../../lib/http/transport/http-transport.js';

const CALL = { method: 'POST', path: '/apps/3/events', attempts: 2, maybeAccepted: false };

function lost(message: string, causeCode?: string, maybeAccepted = false): Unanswered {
  return {
    kind: 'unanswered',
    code: 'PUSHER_CONNECTION_FAILED',
    message,
    maybeAccepted,
    timeoutsInARow: 0,
    cause: Object.assign(new Error(message), causeCode === undefined ? {} : { code: causeCode }),
  };
}

const REJECTED: Rejected = {
  kind: 'rejected',
  code: 'PUSHER_REQUEST_REJECTED',
  status: 500,
  text: 'No',
  remedy: 'Do this.',
  maybeAccepted: false,
  signedWithWrongTime: false,
};

describe('toError', () => {
  it.each<[string, Unanswered, string]>([
    [
      'a refused connection',
      lost('x', 'ECONNREFUSED'),
      'Check host and port, and that the server is running.',
    ],
    [
      'an unknown name',
      lost('x', 'ENOTFOUND'),
      'Check host or cluster, and the name resolution of this machine.',
    ],
    ['a name server that fails', lost('x', 'EAI_AGAIN'), 'Check host or cluster'],
    [
      'a self-signed certificate',
      lost('x', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
      'Check useTLS, port and http.tls.',
    ],
    ['a certificate for another name', lost('x', 'ERR_TLS_CERT_ALTNAME_INVALID'), 'Check useTLS'],
    ['a server without TLS', lost('x', 'ERR_SSL_WRONG_VERSION_NUMBER'), 'Check useTLS'],
    ['an expired certificate', lost('x', 'CERT_HAS_EXPIRED'), 'Check useTLS'],
    [
      'a proxy that requires credentials',
      lost('Proxy response (407) !== 200'),
      'Put the credentials into http.proxy.',
    ],
    [
      'a timeout',
      { ...lost('late', undefined, true), code: 'PUSHER_TIMEOUT' },
      'or raise timeoutMs.',
    ],
    ['a lost response', lost('x', 'ECONNRESET', true), 'may have processed the request'],
    ['anything else', lost('x', 'EPIPE'), 'Check the server and the network.'],
  ])('says what to do about %s', (_what, failure, remedy) => {
    const error = toError(failure, CALL);
    expect(error.message).toContain(remedy);
    expect(error.message).toMatch(/^POST \/apps\/3\/events got no response after 2 attempts: /);
    expect(error).toMatchObject({ code: failure.code, attempts: 2 });
    expect(error.cause).toEqual(failure.cause);
  });

  it.each([true, false])(
    'says what the whole call can have done, not the last attempt: %s',
    (maybeAccepted) => {
      const error = toError(lost('x', 'EPIPE', !maybeAccepted), { ...CALL, maybeAccepted });
      expect(error).toMatchObject({ maybeAccepted });
    },
  );

  it('says how to have more connections, when there was none until the deadline', () => {
    const busy = { ...lost(`all 4 ${ALL_BUSY}`), code: 'PUSHER_NOT_SENT' } as const;
    const error = toError(busy, { ...CALL, attempts: 0 });
    expect(error).toMatchObject({ code: 'PUSHER_NOT_SENT', maybeAccepted: false, attempts: 0 });
    expect(error.message).toBe(
      'POST /apps/3/events was not sent: all 4 connections to the server were busy until its deadline. Raise http.maxConnections, or turn batching on: a connection carries one request at a time.',
    );
  });

  it.each([true, false])(
    'says of a rejected call, too, what it can have done at any attempt: %s',
    (maybeAccepted) => {
      const error = toError(REJECTED, { ...CALL, maybeAccepted });
      expect(error).toMatchObject({ code: 'PUSHER_REQUEST_REJECTED', maybeAccepted });
    },
  );

  it.each([
    ['PUSHER_REQUEST_REJECTED', 429, true],
    ['PUSHER_REQUEST_REJECTED', 503, true],
    ['PUSHER_REQUEST_REJECTED', 500, true],
    ['PUSHER_REQUEST_REJECTED', 401, false],
    ['PUSHER_REQUEST_REJECTED', 413, false],
    ['PUSHER_BAD_RESPONSE', 200, false],
    ['PUSHER_BAD_RESPONSE', 301, false],
  ] as const)('says of %s with %d that it can be retried: %s', (code, status, retryable) => {
    const error = toError({ ...REJECTED, code, status }, CALL);
    expect(error).toMatchObject({ code, status, retryable, body: 'No', attempts: 2 });
    expect(error.message).toMatch(/after 2 attempts: No\. Do this\.$/);
  });
});

describe('notSentError', () => {
  it('says why, and that nothing was accepted', () => {
    const error = notSentError(CALL, 'the application is shutting down.');
    expect(error).toMatchObject({ code: 'PUSHER_NOT_SENT', maybeAccepted: false });
    expect(error.message).toBe(
      'POST /apps/3/events was not sent: the application is shutting down.',
    );
  });
});
