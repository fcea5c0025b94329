import { describe, expect, it } from '@jest/globals';
import { notSentError, refusalError, unansweredError } from '../../../lib/http/errors.js';
import { TransportFailure } from '../../../lib/http/transport/transport-failure.js';

const EXCHANGE = { method: 'POST', path: '/apps/3/events', attempts: 2 };

function lost(message: string, code?: string, maybeAccepted = false): TransportFailure {
  const cause = Object.assign(new Error(message), code === undefined ? {} : { code });
  return new TransportFailure('PUSHER_CONNECTION_FAILED', message, maybeAccepted, cause);
}

describe('unansweredError', () => {
  it.each<[string, TransportFailure, string]>([
    [
      'a refused connection',
      lost('x', 'ECONNREFUSED'),
      'Check host and port, and that the server runs.',
    ],
    [
      'an unknown name',
      lost('x', 'ENOTFOUND'),
      'Check host or cluster, and the name service of this machine.',
    ],
    ['a name service that fails', lost('x', 'EAI_AGAIN'), 'Check host or cluster'],
    [
      'a certificate of one’s own',
      lost('x', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
      'Check useTLS, port and http.tls.',
    ],
    ['a certificate for another name', lost('x', 'ERR_TLS_CERT_ALTNAME_INVALID'), 'Check useTLS'],
    ['a server without TLS', lost('x', 'ERR_SSL_WRONG_VERSION_NUMBER'), 'Check useTLS'],
    ['a certificate that is over', lost('x', 'CERT_HAS_EXPIRED'), 'Check useTLS'],
    [
      'a proxy that wants credentials',
      lost('Proxy response (407) !== 200'),
      'Put the credentials into http.proxy.',
    ],
    [
      'a timeout',
      new TransportFailure('PUSHER_TIMEOUT', 'late', true),
      'raise timeoutMs and http.maxConnections',
    ],
    ['a lost answer', lost('x', 'ECONNRESET', true), 'may have acted on it all the same'],
    ['anything else', lost('x', 'EPIPE'), 'Look at the server and the way to it.'],
  ])('says what to do about %s', (_what, failure, remedy) => {
    const error = unansweredError(EXCHANGE, failure, failure.maybeAccepted);
    expect(error.message).toContain(remedy);
    expect(error.message).toMatch(/^POST \/apps\/3\/events got no answer after 2 attempts: /);
    expect(error).toMatchObject({ code: failure.code, attempts: 2 });
    expect(error.cause).toEqual(failure.cause);
  });
});

describe('refusalError', () => {
  it.each([
    ['PUSHER_REQUEST_REJECTED', 429, true],
    ['PUSHER_REQUEST_REJECTED', 503, true],
    ['PUSHER_REQUEST_REJECTED', 500, true],
    ['PUSHER_REQUEST_REJECTED', 401, false],
    ['PUSHER_REQUEST_REJECTED', 413, false],
    ['PUSHER_BAD_RESPONSE', 200, false],
    ['PUSHER_BAD_RESPONSE', 301, false],
  ] as const)('%s with %d can be retried: %s', (code, status, retryable) => {
    const refused = { accepted: false, code, status, text: 'No', remedy: 'Do this.' } as const;
    const error = refusalError(EXCHANGE, refused);
    expect(error).toMatchObject({ code, status, retryable, body: 'No', attempts: 2 });
    expect(error.message).toMatch(/after 2 attempts: No\. Do this\.$/);
  });
});

describe('notSentError', () => {
  it('says why, and that nothing was accepted', () => {
    const error = notSentError(EXCHANGE, 'the application is shutting down.');
    expect(error).toMatchObject({ code: 'PUSHER_NOT_SENT', maybeAccepted: false });
    expect(error.message).toBe(
      'POST /apps/3/events was not sent: the application is shutting down.',
    );
  });
});
