import { type FailedRequest, PusherConnectionError } from '../errors/pusher-connection.error.js';
import type { PusherError } from '../errors/pusher-error.js';
import { PusherRequestError } from '../errors/pusher-request.error.js';
import type { FailedAttempt, Rejected, Unanswered } from './attempt.js';
import { ALL_BUSY } from './transport/http-transport.js';

/** A call that failed. */
export interface FailedCall extends FailedRequest {
  /** Whether the server can have acted on the request at any of its attempts. */
  readonly maybeAccepted: boolean;
}

/** The error of a call, from the result of its last attempt. */
export function toError(result: FailedAttempt, call: FailedCall): PusherError {
  return result.kind === 'rejected' ? rejectedError(result, call) : unansweredError(result, call);
}

/** The error of a call that ended before its request was sent. */
export function notSentError(
  { method, path, attempts }: FailedRequest,
  reason: string,
): PusherError {
  return new PusherConnectionError(
    'PUSHER_NOT_SENT',
    `${method} ${path} was not sent: ${reason}`,
    { method, path, attempts },
    false,
  );
}

function rejectedError(
  { code, status, text, remedy }: Rejected,
  { method, path, attempts, maybeAccepted }: FailedCall,
): PusherRequestError {
  const retryable = code === 'PUSHER_REQUEST_REJECTED' && (status === 429 || status >= 500);
  const request = { method, path, attempts, status, body: text, retryable, maybeAccepted };
  return new PusherRequestError(code, request, remedy);
}

function unansweredError(failure: Unanswered, call: FailedCall): PusherConnectionError {
  const { method, path, attempts, maybeAccepted } = call;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  const what = failure.code === 'PUSHER_NOT_SENT' ? 'was not sent' : 'got no response';
  return new PusherConnectionError(
    failure.code,
    `${method} ${path} ${what}${tries}: ${failure.message}. ${remedyForUnanswered(failure)}`,
    { method, path, attempts },
    maybeAccepted,
    failure.cause,
  );
}

const NETWORK_REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'Check host and port, and that the server is running.'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'Check host or cluster, and the name resolution of this machine.'],
  [/^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_|UNABLE_|EPROTO)/, 'Check useTLS, port and http.tls.'],
];

function remedyForUnanswered({ code, cause, message, maybeAccepted }: Unanswered): string {
  const causeCode = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const known = NETWORK_REMEDIES.find(([pattern]) => pattern.test(causeCode));
  if (known !== undefined) return known[1];
  if (/proxy response \(407\)/i.test(message)) return 'Put the credentials into http.proxy.';
  if (message.endsWith(ALL_BUSY))
    return 'Raise http.maxConnections, or turn batching on: a connection carries one request at a time.';
  if (code === 'PUSHER_TIMEOUT') return 'Check the server and the network, or raise timeoutMs.';
  return maybeAccepted
    ? 'The server may have processed the request. Check the server and the network.'
    : 'Check the server and the network.';
}
