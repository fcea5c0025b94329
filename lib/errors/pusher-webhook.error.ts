import { PusherError } from './pusher-error.js';

/** A request that claims to be a webhook is not one that can be trusted or read. */
export class PusherWebhookError extends PusherError {
  constructor(
    readonly code:
      'PUSHER_WEBHOOK_UNVERIFIED' | 'PUSHER_WEBHOOK_MALFORMED' | 'PUSHER_WEBHOOK_NO_RAW_BODY',
    message: string,
    cause?: unknown,
  ) {
    super(message, cause);
  }
}
