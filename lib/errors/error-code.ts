/**
 * Every `code` an error of this library can carry. The union is closed, so a `switch` over it is
 * checked by the compiler; codes survive minifying and rewording, messages do not.
 */
export type PusherErrorCode =
  /** The options of the module cannot work. Thrown while the application starts. */
  | 'PUSHER_INVALID_OPTIONS'
  /** An argument breaks a rule of the protocol or a limit of the server. Nothing was sent. */
  | 'PUSHER_INVALID_ARGUMENT'
  /** The server answered, and the answer was a refusal. */
  | 'PUSHER_REQUEST_REJECTED'
  /** The server answered with something that is not an answer: not JSON, too large, a redirect. */
  | 'PUSHER_BAD_RESPONSE'
  /** The connection could not be made or was lost before an answer came. */
  | 'PUSHER_CONNECTION_FAILED'
  /** No complete answer within `timeoutMs`. */
  | 'PUSHER_TIMEOUT'
  /** The request was not sent: the queue is full, or the application is shutting down. */
  | 'PUSHER_NOT_SENT'
  /** Key, signature or time of a webhook are not right. */
  | 'PUSHER_WEBHOOK_UNVERIFIED'
  /** The signature is right, the content is not a webhook. */
  | 'PUSHER_WEBHOOK_MALFORMED'
  /** The application did not keep the raw body, so nothing can be verified. */
  | 'PUSHER_WEBHOOK_NO_RAW_BODY';
