import { PusherError } from './pusher-error.js';

/** An argument breaks a rule of the protocol or a limit of the server. Nothing was sent. */
export class PusherValidationError extends PusherError {
  override name = 'PusherValidationError';
  readonly code = 'PUSHER_INVALID_ARGUMENT';

  /** @param argument which argument is at fault, such as `channels[3]` */
  constructor(
    readonly argument: string,
    message: string,
    cause?: unknown,
    /** What is wrong with a payload that does not fit the schema of its event: where, and what. */
    readonly issues?: readonly { readonly path: string; readonly message: string }[],
  ) {
    super(message, cause);
  }
}
