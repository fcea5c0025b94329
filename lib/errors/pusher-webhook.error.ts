import { PusherError } from './pusher-error.js';

/** A request that was sent as a webhook cannot be trusted or read. */
export class PusherWebhookError extends PusherError {
  override name = 'PusherWebhookError';

  constructor(
    readonly code:
      'PUSHER_WEBHOOK_UNVERIFIED' | 'PUSHER_WEBHOOK_MALFORMED' | 'PUSHER_WEBHOOK_NO_RAW_BODY',
    message: string,
    cause?: unknown,
  ) {
    super(message, cause);
  }
}
