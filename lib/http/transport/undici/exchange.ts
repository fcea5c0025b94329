import type { Dispatcher } from 'undici';
import type { Clock } from '../../../runtime/clock.js';
import { setImmediate, suspendFakeTimers } from '../../../runtime/timers.js';
import { type HttpResponse, type ResponseHeaders, TransportFailure } from '../http-transport.js';

/** Interim responses (1xx) that are tolerated. One or two are common, a stream of them is an attack. */
const MAX_INTERIM_RESPONSES = 16;

/** undici's code for a response over `maxResponseSize`; it has closed the connection then. */
const TOO_LONG = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** What an exchange sends, and where it reports to. */
export interface ExchangeParts {
  readonly request: Dispatcher.DispatchOptions;
  readonly clock: Clock;
  /** Called once the connection is free again, or gone; later than `reject` when it had to be aborted. */
  readonly onReleased: () => void;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (failure: TransportFailure) => void;
}

/** One request and its response. undici calls the `on…` methods as the response arrives. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #parts: ExchangeParts;
  readonly #cancelTimer: () => void;
  readonly #timeoutMs: number;
  #controller?: Dispatcher.DispatchController;
  #unlisten?: () => void;
  #settled = false;
  #interim = 0;
  #status = 0;
  #headers: ResponseHeaders = {};
  #chunks: Buffer[] = [];

  constructor(parts: ExchangeParts, timeoutMs: number) {
    this.#parts = parts;
    this.#timeoutMs = timeoutMs;
    // One timer for everything, waiting for a connection included; it costs less than a microsecond.
    this.#cancelTimer = parts.clock.after(timeoutMs, () => this.expire());
  }

  get request(): Dispatcher.DispatchOptions {
    return this.#parts.request;
  }

  /** Whether the caller has its response or its failure already. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Fails because the time is over. */
  expire(): void {
    const stage = this.#stage();
    this.#fail(
      new TransportFailure(
        'PUSHER_TIMEOUT',
        `no complete response within ${this.#timeoutMs} ms (${stage})`,
        this.#controller !== undefined,
      ),
    );
  }

  /** Fails because the response is not wanted any more. */
  cancel(reason: string): void {
    const sent = this.#controller !== undefined;
    this.#fail(
      new TransportFailure(sent ? 'PUSHER_CONNECTION_FAILED' : 'PUSHER_NOT_SENT', reason, sent),
    );
  }

  /** Cancels when the signal aborts. */
  cancelOn(signal: AbortSignal): void {
    const cancel = (): void => this.cancel('it was cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    this.#unlisten = () => signal.removeEventListener('abort', cancel);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('cancelled before it was sent'));
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
    this.#parts.onReleased();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if ((error as NodeJS.ErrnoException).code === TOO_LONG) this.#respond(true);
    // Once a request was started the server may have read it; after a write error it has not.
    const unsent = this.#controller === undefined || isWriteError(error);
    const code =
      unsent && isRejectedByUndici(error) ? 'PUSHER_NOT_SENT' : 'PUSHER_CONNECTION_FAILED';
    this.#fail(new TransportFailure(code, messageOf(error), !unsent, error));
    // After this turn: when many time out together, none of them is sent in between.
    setImmediate(this.#parts.onReleased);
  }

  #onInterim(): void {
    this.#interim += 1;
    if (this.#interim <= MAX_INTERIM_RESPONSES) return;
    this.#fail(
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

  #fail(failure: TransportFailure): void {
    if (!this.#settle()) return;
    this.#parts.reject(failure);
    suspendFakeTimers();
    // Without this the connection would stay busy with a response that nobody waits for.
    this.#controller?.abort(failure);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancelTimer();
    this.#unlisten?.();
    return true;
  }

  #stage(): string {
    if (this.#controller === undefined) return 'no connection was free or could be made';
    return this.#status === 0 ? 'the request was sent' : 'the response had begun';
  }
}

function isWriteError(error: NodeJS.ErrnoException): boolean {
  return error.syscall === 'write';
}

/** For a header that cannot be sent, or because undici is closed. It would reject it again. */
function isRejectedByUndici({ code }: NodeJS.ErrnoException): boolean {
  return /^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED|DESTROYED|CLOSED)$/.test(code ?? '');
}

function messageOf({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
