import { type FailedExchange, PusherConnectionError } from '../errors/pusher-connection.error.js';
import { PusherRequestError } from '../errors/pusher-request.error.js';
import type { Refused } from './response/judge-response.js';
import type { TransportFailure } from './transport/transport-failure.js';

/** The error for an answer that was not what was asked for. */
export function refusalError(
  exchange: FailedExchange,
  { code, status, text, remedy }: Refused,
): PusherRequestError {
  const retryable = code === 'PUSHER_REQUEST_REJECTED' && (status === 429 || status >= 500);
  return new PusherRequestError(code, { ...exchange, status, body: text, retryable }, remedy);
}

/** The error for a request that got no answer. */
export function unansweredError(
  exchange: FailedExchange,
  failure: TransportFailure,
  maybeAccepted: boolean,
): PusherConnectionError {
  const { method, path, attempts } = exchange;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  return new PusherConnectionError(
    failure.code,
    `${method} ${path} got no answer${tries}: ${failure.message}. ${remedyFor(failure)}`,
    exchange,
    maybeAccepted,
    failure.cause,
  );
}

/** The error for a request that did not leave. */
export function notSentError(exchange: FailedExchange, reason: string): PusherConnectionError {
  const { method, path } = exchange;
  return new PusherConnectionError(
    'PUSHER_NOT_SENT',
    `${method} ${path} was not sent: ${reason}`,
    exchange,
    false,
  );
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'Check host and port, and that the server runs.'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'Check host or cluster, and the name service of this machine.'],
  [/^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_|UNABLE_|EPROTO)/, 'Check useTLS, port and http.tls.'],
];

function remedyFor({ code, cause, message, maybeAccepted }: TransportFailure): string {
  const foreign = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const known = REMEDIES.find(([pattern]) => pattern.test(foreign));
  if (known !== undefined) return known[1];
  if (/proxy response \(407\)/i.test(message)) return 'Put the credentials into http.proxy.';
  if (code === 'PUSHER_TIMEOUT')
    return 'Look at the server and the way to it, or raise timeoutMs and http.maxConnections.';
  return maybeAccepted
    ? 'The server may have acted on it all the same. Look at the server and the way to it.'
    : 'Look at the server and the way to it.';
}
