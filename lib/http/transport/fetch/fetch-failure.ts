import { TransportFailure } from '../http-transport.js';

/**
 * Codes of Node (also through Deno) and of Bun for which no connection was made: nobody listens, the
 * name is unknown, or the certificate of the server was refused.
 */
const UNSENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/**
 * The failure behind an error of `fetch`. Most errors do not say whether the request had been sent, so
 * `maybeAccepted` is true unless the code of the error rules it out.
 */
export function fetchFailure(error: unknown, signal: AbortSignal): TransportFailure {
  if (signal.reason instanceof TransportFailure) return signal.reason;
  const cause = causeOf(error);
  const { code = '', message } = cause;
  const text = message.includes(code) ? message : `${message} (${code})`;
  return new TransportFailure('PUSHER_CONNECTION_FAILED', text, !UNSENT.test(code), cause);
}

/** Node's `fetch` wraps the error that says what happened. */
function causeOf(error: unknown): NodeJS.ErrnoException {
  if (!isError(error)) return new Error('fetch failed');
  return isError(error.cause) ? error.cause : error;
}

/** Also for errors of another realm, as in a test environment. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value;
}
