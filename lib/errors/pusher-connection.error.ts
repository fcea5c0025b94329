import { PusherError } from './pusher-error.js';

/** A request that failed. */
export interface FailedRequest {
  readonly method: string;
  /** Without the query string, which holds the signature. */
  readonly path: string;
  /** How many times it was sent. */
  readonly attempts: number;
  /** Host and port of the server; left out where nothing was to be sent to one. */
  readonly host?: string | undefined;
}

/** There was no response: the connection was refused, reset or cut off, timed out, or nothing was sent. */
export class PusherConnectionError extends PusherError {
  override name = 'PusherConnectionError';

  /** Method of the request. */
  readonly method: string;
  /** Path of the request, without the query string, which holds the signature. */
  readonly path: string;
  /** How many times it was sent. */
  readonly attempts: number;

  constructor(
    readonly code: 'PUSHER_CONNECTION_FAILED' | 'PUSHER_TIMEOUT' | 'PUSHER_NOT_SENT',
    message: string,
    request: FailedRequest,
    /** Whether the server can have acted on the request although there was no response. */
    readonly maybeAccepted: boolean,
    cause?: unknown,
  ) {
    super(message, cause);
    if (request.host !== undefined) this.host = request.host;
    this.method = request.method;
    this.path = request.path;
    this.attempts = request.attempts;
  }
}
