import { describe, expect, it } from '@jest/globals';
import type { Rejected, Unanswered } from '../../../lib/http/attempt.js';
import type { Destination } from '../../../lib/http/destination.js';
import { notSentError, toError } from '../../../lib/http/errors.js';
import { ALL_BUSY } from '../../../lib/http/transport/http-transport.js';

const DESTINATION: Destination = { host: 'api.example:443', useTLS: true, pathPrefix: '' };
const CALL = {
  method: 'POST',
  path: '/apps/3/events',
  attempts: 2,
  maybeAccepted: false,
  destination: DESTINATION,
};

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
      lost('connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED'),
      'connect ECONNREFUSED 127.0.0.1:9. Check host and port, and that the server is running.',
    ],
    [
      'a server without TLS',
      lost('SSL routines: wrong version number', 'ERR_SSL_WRONG_VERSION_NUMBER'),
      'this port does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER). Set useTLS: false (in a URL: http://), or use the port for TLS.',
    ],
    [
      'a timeout',
      { ...lost('late', undefined, true), code: 'PUSHER_TIMEOUT' },
      'late. Check the server and the network, or raise timeoutMs.',
    ],
  ])('says what to do about %s', (_what, failure, remedy) => {
    const error = toError(failure, CALL);
    expect(error.message).toBe(
      `POST /apps/3/events at api.example:443 got no response after 2 attempts: ${remedy}`,
    );
    expect(error).toMatchObject({ code: failure.code, attempts: 2, host: 'api.example:443' });
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
      'POST /apps/3/events at api.example:443 was not sent: all 4 connections to the server were busy until its deadline. Raise http.maxConnections, or turn batching on: a connection carries one request at a time.',
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

describe('toError, for an app with a pathPrefix', () => {
  const destination = { ...DESTINATION, pathPrefix: '/ws' };
  const messageFor = (status: number, text: string): string =>
    toError({ ...REJECTED, status, text }, { ...CALL, attempts: 1, destination }).message;

  it('says of 401 that the signature may cover another path than the server sees', () => {
    expect(messageFor(401, 'Invalid signature')).toBe(
      'POST /apps/3/events at api.example:443 returned 401: Invalid signature. Do this. The path begins with the pathPrefix "/ws": set signPathPrefix to false if a proxy removes it before the server verifies the signature, to true if not.',
    );
  });

  it('says of 404 that the prefix may be wrong', () => {
    expect(messageFor(404, '')).toBe(
      'POST /apps/3/events at api.example:443 returned 404 with an empty body. Do this. The path begins with the pathPrefix "/ws": check it.',
    );
  });

  it.each([
    [401, 'Timestamp expired'],
    [400, 'No'],
    [500, 'No'],
  ])('says nothing of it for %d %s', (status, text) => {
    expect(messageFor(status, text)).not.toContain('/ws');
  });
});

describe('notSentError', () => {
  it('says why, and that nothing was accepted', () => {
    const error = notSentError(CALL, 'the application is shutting down.');
    expect(error).toMatchObject({ code: 'PUSHER_NOT_SENT', maybeAccepted: false });
    expect(error.message).toBe(
      'POST /apps/3/events at api.example:443 was not sent: the application is shutting down.',
    );
  });
});
