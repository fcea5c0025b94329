import type { PusherConnectionError } from '../../errors/pusher-connection.error.js';
import { PusherError } from '../../errors/pusher-error.js';

/** A request as it is sent. It contains a signature: never print it. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query as they are sent, including the signature. */
  readonly target: string;
  /** The bytes to send, the same at each attempt. */
  readonly body?: Buffer;
}

/** What a server sent back. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
  /** Set when the body was longer than is read; `body` then holds its beginning. */
  readonly truncated?: boolean;
}

/** By lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** How long a request may take, in milliseconds. */
export interface SendLimits {
  /**
   * The exchange: connecting, sending, head and body of the response. Starts when the request gets
   * a connection.
   */
  readonly timeoutMs: number;
  /** All of it, from the call on, the wait for a connection included. */
  readonly deadlineMs: number;
}

/** Carries requests to the server of one app. Knows nothing of signatures, rejections and retries. */
export abstract class HttpTransport {
  /**
   * Sends once and returns the response, whatever its status.
   * @throws TransportFailure when there was no response
   */
  abstract send(request: SignedRequest, limits: SendLimits): Promise<HttpResponse>;

  /** Closes all connections. Requests in flight fail. */
  abstract destroy(): Promise<void>;
}

/** How the message of a failure ends when no connection was free until the deadline. */
export const ALL_BUSY = 'connections to the server were busy until its deadline';

/** Part of the message of a timeout before the request could be sent. */
export const NO_CONNECTION = 'no connection could be made';

/** The message of a failure because the transport was destroyed. */
export const CLOSED = 'the connections are closed';

/**
 * Name of the error that is the cause when a proxy is at fault. Its `code` is the status, or that
 * of the network.
 */
export const PROXY_ERROR = 'ProxyError';

/**
 * Why there was no response, as a transport knows it. Extends the error family for its safe `cause`;
 * a call that ends with one rejects with a `PusherConnectionError`, which adds path and attempts.
 */
export class TransportFailure extends PusherError {
  override name = 'TransportFailure';

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

/** The first value of a header, by its lower-case name. */
export function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  // Interceptors may have put anything there.
  return typeof first === 'string' ? first : undefined;
}

/** The `Date` of a response in milliseconds since 1970. */
export function dateOf(response: HttpResponse): number | undefined {
  const at = Date.parse(headerOf(response, 'date') ?? '');
  return Number.isNaN(at) ? undefined : at;
}
