import { PusherError } from './pusher-error.js';

/** What was being asked when no answer came. */
export interface FailedExchange {
  method: string;
  /** Without the query string, which carries the signature. */
  path: string;
  /** How many times it was tried. */
  attempts: number;
}

/** No answer came: refused, reset, cut off, timed out, or not sent at all. */
export class PusherConnectionError extends PusherError {
  /** Method of the request. */
  readonly method: string;
  /** Path of the request, without the query string, which carries the signature. */
  readonly path: string;
  /** How many times it was tried. */
  readonly attempts: number;

  constructor(
    readonly code: 'PUSHER_CONNECTION_FAILED' | 'PUSHER_TIMEOUT' | 'PUSHER_NOT_SENT',
    message: string,
    exchange: FailedExchange,
    /** Whether the server can have acted on the request although no answer came. */
    readonly maybeAccepted: boolean,
    cause?: unknown,
  ) {
    super(message, cause);
    this.method = exchange.method;
    this.path = exchange.path;
    this.attempts = exchange.attempts;
  }
}
