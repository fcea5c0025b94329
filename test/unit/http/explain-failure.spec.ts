import { describe, expect, it } from '@jest/globals';
import type { Unanswered } from '../../../lib/http/attempt.js';
import type { Destination } from '../../../lib/http/destination.js';
import { explainFailure } from '../../../lib/http/explain-failure.js';

const TLS: Destination = { host: 'api.example:443', useTLS: true, pathPrefix: '' };
const PLAIN: Destination = { ...TLS, useTLS: false };
const PROXIED: Destination = { ...TLS, proxy: 'proxy.example:3128' };

function failure(parts: Partial<Omit<Unanswered, 'cause'>> & { cause?: object } = {}): Unanswered {
  return {
    kind: 'unanswered',
    code: 'PUSHER_CONNECTION_FAILED',
    message: 'failed',
    maybeAccepted: false,
    timeoutsInARow: 0,
    ...parts,
  };
}

function explained(code: string, to = TLS, parts: Partial<Unanswered> = {}): string {
  const { what, remedy } = explainFailure(failure({ ...parts, cause: { code } }), to);
  return `${what}. ${remedy}`;
}

const CHECK = 'Check the server and the network.';
const LOST = 'The server may have processed the request. Check the server and the network.';

describe('a failure of the network', () => {
  it.each([
    ['ECONNREFUSED', 'failed. Check host and port, and that the server is running.'],
    ['ENOTFOUND', 'failed. Check host or cluster, and the name resolution of this machine.'],
    ['EAI_AGAIN', 'failed. Check host or cluster, and the name resolution of this machine.'],
    ['EPIPE', `failed. ${CHECK}`],
  ])('%s is explained', (code, words) => {
    expect(explained(code)).toBe(words);
  });

  it('after which the request may have been processed is explained as such', () => {
    expect(explained('ECONNRESET', TLS, { maybeAccepted: true })).toBe(`failed. ${LOST}`);
  });
});

describe('a shutdown', () => {
  it.each([
    [false, 'the application shut down before it could be sent. Raise shutdownTimeoutMs'],
    [true, 'the application shut down. The server may have processed it. Raise shutdownTimeoutMs'],
  ])('is explained when the server may have accepted the request: %p', (maybeAccepted, words) => {
    const closed = failure({ message: 'the connections are closed', maybeAccepted });
    const { what, remedy } = explainFailure(closed, TLS);
    expect(`${what}. ${remedy}`).toBe(`${words} to give requests more time.`);
  });
});

describe('a failure of TLS', () => {
  it.each([
    ['ERR_SSL_WRONG_VERSION_NUMBER', /^this port does not speak TLS .*Set useTLS: false/],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', /^this port does not speak TLS/],
    ['EPROTO', /^this port does not speak TLS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /^the certificate is self-signed .*http\.tls: \{ ca \}/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /^the certificate is self-signed/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /authority that this machine does not know .*\{ ca \}/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /authority that this machine does not know/],
    ['CERT_HAS_EXPIRED', /^the certificate has expired .*Renew it/],
    ['CERT_NOT_YET_VALID', /^the certificate is not valid yet .*Set the clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /^the certificate is for another host .*servername/],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', /refused the TLS handshake .*\{ cert, key \}/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /refused the TLS handshake/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /no version of TLS in common .*Enable TLS 1\.2/],
    ['ERR_SSL_SOMETHING_ELSE', /^TLS with this port failed .*Check useTLS, port and http\.tls/],
  ])('%s is explained without the text of OpenSSL', (code, words) => {
    expect(explained(code)).toMatch(words);
    expect(explained(code)).toContain(`(${code}). `);
    expect(explained(code)).not.toContain('failed.');
  });

  it.each(['UND_ERR_SOCKET', 'ECONNRESET', 'HPE_INVALID_CONSTANT'])(
    'may be behind %s without TLS',
    (code) => {
      expect(explained(code, PLAIN, { maybeAccepted: true })).toBe(
        `failed. If this port expects TLS, set useTLS: true. ${LOST}`,
      );
    },
  );

  it('may be behind a connection that the server closes before it can be used', () => {
    expect(explained('ECONNRESET')).toBe(
      `failed. If this port does not speak TLS, set useTLS: false. ${CHECK}`,
    );
  });
});

describe('a failure of the proxy', () => {
  const explainedProxy = (code: string, message = 'failed'): string => {
    const cause = { name: 'ProxyError', code };
    const { what, remedy } = explainFailure(failure({ message, cause }), PROXIED);
    return `${what}. ${remedy}`;
  };

  it.each([
    [
      '407',
      /status 407\. Put the credentials into http\.proxy: http:\/\/USER:PASSWORD@host:port\.$/,
    ],
    ['403', /status 403\. The proxy does not allow this server\..* NO_PROXY\.$/],
    ['502', /status 502\. The proxy could not reach the server: check host and port/],
    ['504', /status 504\. The proxy could not reach the server/],
    ['405', /status 405\. Check http\.proxy: it must be a proxy that supports CONNECT\.$/],
  ])('that responds with %s is named, with what to do', (status, words) => {
    expect(explainedProxy(status)).toMatch(words);
    expect(explainedProxy(status)).toMatch(/^the proxy proxy\.example:3128 refused the connection/);
  });

  it('that cannot be reached is named', () => {
    expect(explainedProxy('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:3128')).toBe(
      'the connection to the proxy proxy.example:3128 failed: connect ECONNREFUSED 10.0.0.1:3128. Check http.proxy (or HTTPS_PROXY and HTTP_PROXY of the environment), and that the proxy is running.',
    );
  });

  it('with another scheme than configured is named', () => {
    expect(explainedProxy('EPROTO')).toBe(
      'the connection to the proxy proxy.example:3128 failed: this port does not speak TLS (EPROTO). Check the scheme and the port of http.proxy; http.tls: { ca } applies to it too.',
    );
  });

  it('that never responds is named', () => {
    const message = 'no complete response within 100 ms (no connection could be made)';
    expect(explainFailure(failure({ code: 'PUSHER_TIMEOUT', message }), PROXIED)).toEqual({
      what: 'no complete response within 100 ms (no connection could be made through the proxy proxy.example:3128)',
      remedy: 'Check http.proxy, and whether the proxy reaches the server; or raise timeoutMs.',
    });
  });
});
