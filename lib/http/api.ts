/** A request to the HTTP API, before it is signed. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** What follows `/apps/<id>`, such as `/events`. Sent and signed as it is. */
  readonly path: string;
  /** Parameters besides those of the signature, not yet percent-encoded. */
  readonly query?: Readonly<Record<string, string>>;
  /** The JSON to send, already serialized. */
  readonly body?: string;
  /** Whether the request may reach the server twice without harm: queries yes, triggers no. */
  readonly idempotent: boolean;
  /** How many events it publishes. @default 1, or 0 for a request that is idempotent */
  readonly events?: number;
  /**
   * Time for all of it, in milliseconds, when the caller has waited already. What has not been sent by
   * then is not sent any more. @default the greater one of `retry.deadlineMs` and `timeoutMs`
   */
  readonly deadlineMs?: number;
}

/**
 * The HTTP API of one app. An implementation signs, sends, reads the response, and retries where it
 * is safe.
 */
export abstract class Api {
  /** How far the server's clock is known to be ahead of ours, in milliseconds; negative when behind. */
  get clockOffsetMs(): number {
    return 0;
  }

  /**
   * Sends the request and resolves with the JSON of the response; `{}` for a response without a body.
   * Never throws synchronously: it rejects with
   * - PusherRequestError when the server rejected the request, or sent what no Channels server sends
   * - PusherConnectionError when there was no response, or the request was not sent
   * - PusherValidationError when the request cannot be signed
   */
  abstract request(request: ApiRequest): Promise<unknown>;

  /** Resolves when all requests made so far have succeeded or failed. Never rejects. */
  abstract settled(): Promise<void>;
}
