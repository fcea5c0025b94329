/** A request as it travels. Holds a signature: never print one. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query as they travel, signature included. */
  readonly target: string;
  /** The bytes to send, the same at each attempt. */
  readonly body?: Buffer;
}

/** What a server answered. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ResponseHeaders;
  readonly body: string;
  /** Set when the answer was longer than is read; `body` then holds its beginning. */
  readonly truncated?: boolean;
}

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Carries requests to the server of one app. Knows nothing of signatures, refusals and retries. */
export abstract class HttpTransport {
  /**
   * Sends once and gives whatever was answered; an answer that is a refusal is an answer.
   * @param timeoutMs for all of it: waiting for a connection, connecting, head and body
   * @throws TransportFailure when no answer came
   */
  abstract send(request: SignedRequest, timeoutMs: number): Promise<HttpResponse>;

  /** Ends all connections. What is under way fails. */
  abstract destroy(): Promise<void>;
}

/** The first value of a header, by its lower-case name. */
export function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  // Interceptors may have put anything there.
  return typeof first === 'string' ? first : undefined;
}
