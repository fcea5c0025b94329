import type { FailedExchange } from './pusher-connection.error.js';
import { PusherError } from './pusher-error.js';
import { redact } from './redact.js';

/** What the server answered. */
export interface Refusal extends FailedExchange {
  /** HTTP status, or the status a server put into the body of a 200 (soketi does). */
  status: number;
  /** The server's own text. */
  body: string;
  /** Whether the same request may succeed later. */
  retryable: boolean;
}

/** The longest part of a server's text that is worth a place in a message, in characters. */
const QUOTED_TEXT = 300;

/** The server answered, and the answer was not what was asked for. */
export class PusherRequestError extends PusherError {
  /** Method of the request. */
  readonly method: string;
  /** Path of the request, without the query string, which carries the signature. */
  readonly path: string;
  /** HTTP status, or the status a server put into the body of a 200 (soketi does). */
  readonly status: number;
  /** The server's own text, without signatures. */
  readonly body: string;
  /** How many times it was tried. */
  readonly attempts: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;

  constructor(
    readonly code: 'PUSHER_REQUEST_REJECTED' | 'PUSHER_BAD_RESPONSE',
    refusal: Refusal,
    remedy: string,
    cause?: unknown,
  ) {
    const body = redact(refusal.body);
    super(`${summary(refusal, body)} ${remedy}`, cause);
    this.method = refusal.method;
    this.path = refusal.path;
    this.status = refusal.status;
    this.body = body;
    this.attempts = refusal.attempts;
    this.retryable = refusal.retryable;
  }
}

function summary({ method, path, status, attempts }: Refusal, body: string): string {
  const text = body.trim();
  const quoted = text.length > QUOTED_TEXT ? `${text.slice(0, QUOTED_TEXT)}…` : text;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  const said =
    quoted === '' ? ' without a text.' : `: ${quoted}${/[.!?]$/.test(quoted) ? '' : '.'}`;
  return `${method} ${path} was answered with ${status}${tries}${said}`;
}
