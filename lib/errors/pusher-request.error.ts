import type { FailedRequest } from './pusher-connection.error.js';
import { PusherError } from './pusher-error.js';
import { redact } from './redact.js';

/** A request to which the server did not respond with what was requested. */
export interface RejectedRequest extends FailedRequest {
  /** HTTP status, or the status a server put into the body of a 200 (soketi does). */
  readonly status: number;
  /** The body of the response. */
  readonly body: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Whether the server can have acted on the request although it rejected it. */
  readonly maybeAccepted: boolean;
}

/** How much of a response body a message quotes, in characters. */
const QUOTED_BODY = 300;

/** The server rejected the request, or its response is not one of a Channels server. */
export class PusherRequestError extends PusherError {
  override name = 'PusherRequestError';

  /** Method of the request. */
  readonly method: string;
  /** Path of the request, without the query string, which holds the signature. */
  readonly path: string;
  /** HTTP status, or the status a server put into the body of a 200 (soketi does). */
  readonly status: number;
  /** The body of the response, without secrets and signatures; at most its first 8192 characters. */
  readonly body: string;
  /** How many times it was sent. */
  readonly attempts: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /**
   * Whether the server can have acted on the request nevertheless: after a 5xx other than 503, after a
   * response that no Channels server sends, or at an earlier attempt. Sending it again may then repeat it.
   */
  readonly maybeAccepted: boolean;

  constructor(
    readonly code: 'PUSHER_REQUEST_REJECTED' | 'PUSHER_BAD_RESPONSE',
    request: RejectedRequest,
    remedy: string,
    cause?: unknown,
  ) {
    const body = redact(request.body);
    super(`${summary(request, body)} ${remedy}`, cause);
    if (request.host !== undefined) this.host = request.host;
    this.method = request.method;
    this.path = request.path;
    this.status = request.status;
    this.body = body;
    this.attempts = request.attempts;
    this.retryable = request.retryable;
    this.maybeAccepted = request.maybeAccepted;
  }
}

function summary(request: RejectedRequest, body: string): string {
  const { method, path, host, status, attempts } = request;
  const where = host === undefined ? '' : ` at ${host}`;
  const text = body.trim();
  const quoted = text.length > QUOTED_BODY ? `${text.slice(0, QUOTED_BODY)}…` : text;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  const message =
    quoted === '' ? ' with an empty body.' : `: ${quoted}${/[.!?]$/.test(quoted) ? '' : '.'}`;
  return `${method} ${path}${where} returned ${status}${tries}${message}`;
}
