import type { Unanswered } from './attempt.js';
import type { Destination } from './destination.js';
import { ALL_BUSY, CLOSED, NO_CONNECTION, PROXY_ERROR } from './transport/http-transport.js';

/** A failure in words. */
export interface Explanation {
  /** What happened, as a part of a sentence. */
  readonly what: string;
  /** What to do about it, as sentences. */
  readonly remedy: string;
}

type Case = readonly [code: RegExp, what: string, remedy: string];

/** Codes of Node and OpenSSL for TLS that fails. The messages of OpenSSL name its source files. */
const TLS_CASES: readonly Case[] = [
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|^EPROTO$/,
    'this port does not speak TLS',
    'Set useTLS: false (in a URL: http://), or use the port for TLS.',
  ],
  [
    /SELF_SIGNED/,
    'the certificate is self-signed',
    'Trust it with http.tls: { ca }, or use a certificate of a known authority.',
  ],
  [
    /^UNABLE_TO_(?:VERIFY|GET_ISSUER)|^ERR_TLS_CERT_SIGNATURE/,
    'the certificate comes from an authority that this machine does not know',
    'Trust the authority with http.tls: { ca }, or have the server send its intermediate certificates.',
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    'the certificate has expired',
    'Renew it on the server. If it is valid, set the clock of this machine.',
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    'the certificate is not valid yet',
    'Set the clock of this machine, preferably by NTP.',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'the certificate is for another host',
    'Check `host` (or `url`, `cluster`). If the host is right, name the one in the certificate with http.tls: { servername }.',
  ],
  [
    /ALERT_(?:HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)/,
    'the server refused the TLS handshake',
    'It may require a client certificate: http.tls: { cert, key }.',
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    'the server and this machine have no version of TLS in common',
    'Enable TLS 1.2 or 1.3 on the server.',
  ],
  [
    /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_|UNABLE_)/,
    'TLS with this port failed',
    'Check useTLS, port and http.tls.',
  ],
];

const NETWORK_CASES: readonly (readonly [code: RegExp, remedy: string])[] = [
  [/^ECONNREFUSED$/, 'Check host and port, and that the server is running.'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'Check host or cluster, and the name resolution of this machine.'],
];

/** What happened to a request without a response, and what to do about it. */
export function explainFailure(failure: Unanswered, to: Destination): Explanation {
  const { cause, message } = failure;
  const { code = '', name } = (cause ?? {}) as { code?: string; name?: string };
  if (name === PROXY_ERROR && to.proxy !== undefined) return explainProxy(message, code, to.proxy);
  const tls = TLS_CASES.find(([pattern]) => pattern.test(code));
  if (tls !== undefined) return { what: `${tls[1]} (${code})`, remedy: tls[2] };
  const network = NETWORK_CASES.find(([pattern]) => pattern.test(code));
  if (network !== undefined) return { what: message, remedy: network[1] };
  if (message.endsWith(ALL_BUSY))
    return {
      what: message,
      remedy:
        'Raise http.maxConnections, or turn batching on: a connection carries one request at a time.',
    };
  if (message === CLOSED) return explainShutdown(failure);
  if (failure.code === 'PUSHER_TIMEOUT') return explainTimeout(message, to);
  return { what: message, remedy: tlsHint(code, failure, to) + generalRemedy(failure) };
}

function explainShutdown({ maybeAccepted }: Unanswered): Explanation {
  const remedy = 'Raise shutdownTimeoutMs to give requests more time.';
  return maybeAccepted
    ? { what: 'the application shut down', remedy: `The server may have processed it. ${remedy}` }
    : { what: 'the application shut down before it could be sent', remedy };
}

function generalRemedy({ maybeAccepted }: Unanswered): string {
  return maybeAccepted
    ? 'The server may have processed the request. Check the server and the network.'
    : 'Check the server and the network.';
}

/** A server that expects something else than what it receives often just closes the connection. */
function tlsHint(code: string, { maybeAccepted }: Unanswered, { useTLS }: Destination): string {
  if (!/^(?:ECONNRESET|UND_ERR_SOCKET|HPE_)/.test(code)) return '';
  if (!useTLS) return 'If this port expects TLS, set useTLS: true. ';
  return maybeAccepted ? '' : 'If this port does not speak TLS, set useTLS: false. ';
}

function explainTimeout(message: string, { proxy }: Destination): Explanation {
  return proxy !== undefined && message.includes(NO_CONNECTION)
    ? {
        what: message.replace(NO_CONNECTION, `${NO_CONNECTION} through the proxy ${proxy}`),
        remedy: 'Check http.proxy, and whether the proxy reaches the server; or raise timeoutMs.',
      }
    : { what: message, remedy: 'Check the server and the network, or raise timeoutMs.' };
}

const PROXY_STATUSES: Readonly<Record<string, string>> = {
  401: 'Put the credentials into http.proxy: http://USER:PASSWORD@host:port.',
  403: 'The proxy does not allow this server. Have it allowed, or list the host in NO_PROXY.',
  407: 'Put the credentials into http.proxy: http://USER:PASSWORD@host:port.',
};
const PROXY_UNREACHABLE =
  'Check http.proxy (or HTTPS_PROXY and HTTP_PROXY of the environment), and that the proxy is running.';

/** @param code the status that the proxy responded with, or the code of the error of its connection */
function explainProxy(message: string, code: string, proxy: string): Explanation {
  if (/^\d+$/.test(code))
    return {
      what: `the proxy ${proxy} refused the connection to the server with status ${code}`,
      remedy:
        PROXY_STATUSES[code] ??
        (code.startsWith('5')
          ? 'The proxy could not reach the server: check host and port, and the network of the proxy.'
          : 'Check http.proxy: it must be a proxy that supports CONNECT.'),
    };
  const tls = TLS_CASES.find(([pattern]) => pattern.test(code));
  if (tls !== undefined)
    return {
      what: `the connection to the proxy ${proxy} failed: ${tls[1]} (${code})`,
      remedy: 'Check the scheme and the port of http.proxy; http.tls: { ca } applies to it too.',
    };
  return {
    what: `the connection to the proxy ${proxy} failed: ${message}`,
    remedy: PROXY_UNREACHABLE,
  };
}
