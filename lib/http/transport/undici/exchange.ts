import { AsyncResource } from 'node:async_hooks';
import type { Dispatcher } from 'undici';
import { type Clock, setImmediate, suspendFakeTimers } from '../../../runtime/clock.js';
import {
  CLOSED,
  type HttpResponse,
  NO_CONNECTION,
  type ResponseHeaders,
  type SendLimits,
  TransportFailure,
} from '../http-transport.js';

/** Interim responses (1xx) that are tolerated. One or two are common, a stream of them is an attack. */
const MAX_INTERIM_RESPONSES = 16;

/** undici's code for a response over `maxResponseSize`; it has closed the connection then. */
const TOO_LONG = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** undici's code for a connection that was destroyed under an exchange. */
const DESTROYED = 'UND_ERR_DESTROYED';

/**
 * How many stale connections an exchange refuses. A process that is so busy that each new one has become
 * stale by the time it is used would refuse them all.
 */
const MAX_STALE = 2;

/** What an exchange needs of its connection. */
export interface ExchangeConnection {
  /** Sends the request. The handler is notified of everything that follows. */
  send(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  /** Closes the connection; the exchange on it fails. */
  destroy(): Promise<void>;
}

/** Whoever has the connections. */
export interface ExchangeOwner<Connection extends ExchangeConnection = ExchangeConnection> {
  /**
   * Whether the connection has become stale since the exchange got it. Called right before it is
   * written to.
   */
  isStale(connection: Connection): boolean;
  /** The request is written to the connection now. */
  onSending(connection: Connection): void;
  /** The connection is stale, and nothing was written. */
  onStale(exchange: Exchange<Connection>, connection: Connection): void;
  /** The response is complete, and the connection free again. */
  onEnded(connection: Connection, headers: ResponseHeaders): void;
  /** The exchange is over, and its connection cannot be used again. */
  onFailed(connection: Connection): void;
}

/** What an exchange sends, and where it reports to. */
export interface ExchangeParts<Connection extends ExchangeConnection> {
  readonly request: Dispatcher.DispatchOptions;
  readonly limits: SendLimits;
  readonly clock: Clock;
  readonly owner: ExchangeOwner<Connection>;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (failure: TransportFailure) => void;
}

/** One request and its response. undici calls the `on…` methods as the response arrives. */
export class Exchange<Connection extends ExchangeConnection = ExchangeConnection>
  implements Dispatcher.DispatchHandler
{
  readonly #parts: ExchangeParts<Connection>;
  #connection: Connection | undefined;
  #waiting: { readonly since: number; readonly context: AsyncResource } | undefined;
  #timeoutMs = 0;
  #cancelTimer: (() => void) | undefined;
  #unlisten: (() => void) | undefined;
  #isSettled = false;
  #isSent = false;
  #isStale = false;
  /** Stale connections that it has refused. */
  #refused = 0;
  #interim = 0;
  #status = 0;
  #headers: ResponseHeaders = {};
  #chunks: Buffer[] = [];

  constructor(parts: ExchangeParts<Connection>) {
    this.#parts = parts;
  }

  /** Whether the caller has its response or its failure already. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Waits for a connection, at most until the deadline. @param reason of the failure then */
  wait(reason: string): void {
    const { clock, limits } = this.#parts;
    // Whoever releases a connection does so in its own async context.
    this.#waiting = { since: clock.elapsed(), context: new AsyncResource('PusherRequest') };
    this.#cancelTimer = clock.after(limits.deadlineMs, () => this.cancel(reason));
  }

  /** Calls the function in the async context of whoever made the exchange. */
  inContext(callback: () => void): void {
    if (this.#waiting === undefined) callback();
    else this.#waiting.context.runInAsyncScope(callback);
  }

  /** Sends the request over the connection. The time for the exchange begins. */
  begin(connection: Connection): void {
    const { clock, limits } = this.#parts;
    this.#connection = connection;
    // When the first connection was stale, the time goes on.
    if (this.#timeoutMs === 0) {
      const waitedMs = this.#waiting === undefined ? 0 : clock.elapsed() - this.#waiting.since;
      this.#timeoutMs = Math.max(1, Math.min(limits.timeoutMs, limits.deadlineMs - waitedMs));
      this.#cancelTimer?.();
      this.#cancelTimer = clock.after(this.#timeoutMs, () => this.expire());
    }
    suspendFakeTimers();
    try {
      connection.send(this.#parts.request, this);
    } catch (error) {
      this.onResponseError(null, error as Error);
    }
  }

  /** Fails because the time is over. */
  expire(): void {
    const timeoutMs = Math.ceil(this.#timeoutMs);
    const message = `no complete response within ${timeoutMs} ms (${this.#stage()})`;
    this.fail(new TransportFailure('PUSHER_TIMEOUT', message, this.#isSent));
  }

  /** Fails because the response is not wanted any more. */
  cancel(reason: string): void {
    const code = this.#isSent ? 'PUSHER_CONNECTION_FAILED' : 'PUSHER_NOT_SENT';
    this.fail(new TransportFailure(code, reason, this.#isSent));
  }

  /** Fails, unless it is over already. */
  fail(failure: TransportFailure): void {
    if (!this.#settle()) return;
    this.#parts.reject(failure);
    suspendFakeTimers();
    // Without this the connection would stay busy with a response that nobody waits for.
    void this.#connection?.destroy();
  }

  /** Cancels when the signal aborts. */
  cancelOn(signal: AbortSignal): void {
    const cancel = (): void => this.cancel('it was cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    this.#unlisten = () => signal.removeEventListener('abort', cancel);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { owner } = this.#parts;
    const connection = this.#connection;
    if (this.#isSettled) return controller.abort(new Error('cancelled before it was sent'));
    if (connection !== undefined && this.#refused < MAX_STALE && owner.isStale(connection)) {
      this.#isStale = true;
      this.#refused += 1;
      return controller.abort(new Error('the connection was idle for too long'));
    }
    if (connection !== undefined) owner.onSending(connection);
    this.#isSent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    if (status < 200) return this.#onInterim();
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    suspendFakeTimers();
    this.#respond();
    if (this.#connection) this.#parts.owner.onEnded(this.#connection, this.#headers);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const { owner } = this.#parts;
    const connection = this.#connection;
    if (this.#isStale && connection !== undefined) {
      this.#isStale = false;
      if (!this.#isSettled) return owner.onStale(this, connection);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === TOO_LONG) this.#respond(true);
    else if (code === DESTROYED) this.cancel(CLOSED);
    else this.#failWith(error);
    // After this turn: when many time out together, none of them is sent in between.
    if (connection !== undefined) setImmediate(() => owner.onFailed(connection));
  }

  #failWith(error: Error): void {
    // Once a request was started the server may have read it; after a write error it has not.
    const unsent = !this.#isSent || isWriteError(error);
    const code =
      unsent && isRejectedByUndici(error) ? 'PUSHER_NOT_SENT' : 'PUSHER_CONNECTION_FAILED';
    this.fail(new TransportFailure(code, messageOf(error), !unsent, error));
  }

  #onInterim(): void {
    this.#interim += 1;
    if (this.#interim <= MAX_INTERIM_RESPONSES) return;
    this.fail(
      new TransportFailure(
        'PUSHER_CONNECTION_FAILED',
        `more than ${MAX_INTERIM_RESPONSES} interim responses came and no final one`,
        true,
      ),
    );
  }

  #respond(truncated = false): void {
    if (!this.#settle()) return;
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    const response = { status: this.#status, headers: this.#headers, body: body?.toString() ?? '' };
    this.#parts.resolve(truncated ? { ...response, truncated } : response);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#cancelTimer?.();
    this.#unlisten?.();
    return true;
  }

  #stage(): string {
    if (!this.#isSent) return NO_CONNECTION;
    return this.#status === 0 ? 'the request was sent' : 'the response had begun';
  }
}

function isWriteError(error: NodeJS.ErrnoException): boolean {
  return error.syscall === 'write';
}

/** For a header that cannot be sent. It would reject it again. */
function isRejectedByUndici({ code }: NodeJS.ErrnoException): boolean {
  return /^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED)$/.test(code ?? '');
}

function messageOf({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
