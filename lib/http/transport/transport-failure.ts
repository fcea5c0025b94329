import { PusherError } from '../../errors/pusher-error.js';
import type { PusherConnectionError } from '../../errors/pusher-connection.error.js';

/**
 * Why no answer came, as a transport knows it. Extends the error family for its safe `cause`; the
 * client turns it into a `PusherConnectionError`, which adds path and attempts.
 */
export class TransportFailure extends PusherError {
  constructor(
    readonly code: PusherConnectionError['code'],
    message: string,
    /** Whether the server can have acted on the request: false only where that is certain. */
    readonly maybeAccepted: boolean,
    cause?: unknown,
  ) {
    super(message, cause);
  }
}
