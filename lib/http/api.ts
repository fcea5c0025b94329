/** A request to the HTTP API, before it is signed. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** What follows `/apps/<id>`, such as `/events`. Travels and is signed as it is. */
  readonly path: string;
  /** Parameters besides those of the signature, not yet percent-encoded. */
  readonly query?: Readonly<Record<string, string>>;
  /** The JSON text to send, serialised once and for all. */
  readonly body?: string;
  /** Whether doing it twice is harmless: queries yes, triggers no. Decides what may be tried again. */
  readonly idempotent: boolean;
}

/** A server that speaks the HTTP API: signs, sends, judges the answer, and tries again where it is safe. */
export abstract class Api {
  /** How far the server's clock is known to be ahead of ours, in milliseconds. */
  get clockOffsetMs(): number {
    return 0;
  }

  /**
   * Gives the JSON of a successful answer; `{}` for an answer without a body.
   * @throws PusherRequestError when the server refused or gave no proper answer
   * @throws PusherConnectionError when no answer came
   */
  abstract request(request: ApiRequest): Promise<unknown>;

  /** Resolves when everything that is under way has been answered or has failed. */
  abstract settled(): Promise<void>;
}
