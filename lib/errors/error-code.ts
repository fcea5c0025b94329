/**
 * Every `code` that an error of this library can have. The union is closed, so a `switch` over it is
 * checked by the compiler; codes survive minifying and rewording, messages do not.
 */
export type PusherErrorCode =
  /** The options of the module cannot work. Thrown while the application starts. */
  | 'PUSHER_INVALID_OPTIONS'
  /** An argument breaks a rule of the protocol or a limit of the server. Nothing was sent. */
  | 'PUSHER_INVALID_ARGUMENT'
  /** The server rejected the request. */
  | 'PUSHER_REQUEST_REJECTED'
  /** The response is not one of a Channels server: not JSON, too long, a redirect. */
  | 'PUSHER_BAD_RESPONSE'
  /** The connection could not be made, or was lost before the response. */
  | 'PUSHER_CONNECTION_FAILED'
  /** No complete response within `timeoutMs`. */
  | 'PUSHER_TIMEOUT'
  /**
   * Nothing was sent: the queue is full, the rate limit left no time before the deadline, an interceptor
   * threw, or the application is shutting down.
   */
  | 'PUSHER_NOT_SENT'
  /** The key, the signature or the time of a webhook is wrong. */
  | 'PUSHER_WEBHOOK_UNVERIFIED'
  /** The signature is valid, but the content is not a webhook. */
  | 'PUSHER_WEBHOOK_MALFORMED'
  /** The application did not keep the raw body, so nothing can be verified. */
  | 'PUSHER_WEBHOOK_NO_RAW_BODY';
