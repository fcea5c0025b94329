import { type FailedRequest, PusherConnectionError } from '../errors/pusher-connection.error.js';
import type { PusherError } from '../errors/pusher-error.js';
import { PusherRequestError } from '../errors/pusher-request.error.js';
import type { FailedAttempt, Rejected, Unanswered } from './attempt.js';
import type { Destination } from './destination.js';
import { explainFailure } from './explain-failure.js';

/** A call that failed. */
export interface FailedCall extends UnsentCall {
  /** Whether the server can have acted on the request at any of its attempts. */
  readonly maybeAccepted: boolean;
}

/** A call that ended before its request was sent. */
export interface UnsentCall extends Omit<FailedRequest, 'host'> {
  readonly destination: Destination;
}

/** The error of a call, from the result of its last attempt. */
export function toError(result: FailedAttempt, call: FailedCall): PusherError {
  return result.kind === 'rejected' ? rejectedError(result, call) : unansweredError(result, call);
}

/** The error of a call that ended before its request was sent. */
export function notSentError(
  { method, path, attempts, destination: { host } }: UnsentCall,
  reason: string,
): PusherError {
  return new PusherConnectionError(
    'PUSHER_NOT_SENT',
    `${method} ${path} at ${host} was not sent: ${reason}`,
    { method, path, attempts, host },
    false,
  );
}

function rejectedError(
  { code, status, text, remedy }: Rejected,
  { method, path, attempts, maybeAccepted, destination }: FailedCall,
): PusherRequestError {
  const { host, pathPrefix } = destination;
  const retryable = code === 'PUSHER_REQUEST_REJECTED' && (status === 429 || status >= 500);
  const request = { method, path, host, attempts, status, body: text, retryable, maybeAccepted };
  return new PusherRequestError(code, request, remedy + prefixRemedy(status, text, pathPrefix));
}

function unansweredError(failure: Unanswered, call: FailedCall): PusherConnectionError {
  const { method, path, attempts, maybeAccepted, destination } = call;
  const { host } = destination;
  const { what, remedy } = explainFailure(failure, destination);
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  const end = failure.code === 'PUSHER_NOT_SENT' ? 'was not sent' : 'got no response';
  return new PusherConnectionError(
    failure.code,
    `${method} ${path} at ${host} ${end}${tries}: ${what}. ${remedy}`,
    { method, path, attempts, host },
    maybeAccepted,
    failure.cause,
  );
}

/**
 * A prefix is a cause of its own: of a wrong path, and of a signature over another path than the
 * server sees.
 */
function prefixRemedy(status: number, text: string, pathPrefix: string): string {
  if (pathPrefix === '') return '';
  if (status === 404) return ` The path begins with the pathPrefix "${pathPrefix}": check it.`;
  return status === 401 && !/timestamp/i.test(text)
    ? ` The path begins with the pathPrefix "${pathPrefix}": set signPathPrefix to false if a proxy removes it before the server verifies the signature, to true if not.`
    : '';
}
