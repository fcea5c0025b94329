import type { Dispatcher } from 'undici';
import type { ResponseHeaders, HttpResponse } from '../http-transport.js';
import { TransportFailure } from '../transport-failure.js';

/** Interim answers (1xx) that are put up with. One or two are common, a stream of them is an attack. */
const MAX_INTERIM_RESPONSES = 16;

/** undici's word for an answer over `maxResponseSize`; it has closed the connection then. */
const TOO_LONG = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** What an exchange asks for, and what ends it. */
export interface ExchangeParts {
  readonly request: Dispatcher.DispatchOptions;
  /** Called once the connection is free again, or gone; later than the answer when it had to be given up. */
  readonly released: () => void;
  readonly resolve: (answer: HttpResponse) => void;
  readonly reject: (failure: TransportFailure) => void;
}

/** One request and its answer. undici calls the `on…` methods as the answer comes in. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #parts: ExchangeParts;
  readonly #timer: NodeJS.Timeout;
  readonly #timeoutMs: number;
  #controller?: Dispatcher.DispatchController;
  #forget?: () => void;
  #settled = false;
  #interim = 0;
  #status = 0;
  #headers: ResponseHeaders = {};
  #chunks: Buffer[] = [];

  constructor(parts: ExchangeParts, timeoutMs: number) {
    this.#parts = parts;
    this.#timeoutMs = timeoutMs;
    // One timer for everything, waiting for a connection included; it costs less than a microsecond.
    this.#timer = setTimeout(expire, timeoutMs, this);
  }

  get request(): Dispatcher.DispatchOptions {
    return this.#parts.request;
  }

  /** Whether the caller has its answer or its failure already. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Gives up: the time is over. */
  expire(): void {
    const stage = this.#stage();
    this.#fail(
      new TransportFailure(
        'PUSHER_TIMEOUT',
        `no complete answer within ${this.#timeoutMs} ms (${stage})`,
        this.#controller !== undefined,
      ),
    );
  }

  /** Gives up because nobody wants the answer any more. */
  cancel(reason: string): void {
    const sent = this.#controller !== undefined;
    this.#fail(
      new TransportFailure(sent ? 'PUSHER_CONNECTION_FAILED' : 'PUSHER_NOT_SENT', reason, sent),
    );
  }

  /** Gives up when the signal aborts. */
  cancelOn(signal: AbortSignal): void {
    const cancel = (): void => this.cancel('it was cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    this.#forget = () => signal.removeEventListener('abort', cancel);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('given up before it was sent'));
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
    this.#answer();
    this.#parts.released();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if ((error as NodeJS.ErrnoException).code === TOO_LONG) this.#answer(true);
    // Once a request was started the server may have read it; an error of writing says it has not.
    const unsent = this.#controller === undefined || isWriteError(error);
    const code = unsent && isRefusal(error) ? 'PUSHER_NOT_SENT' : 'PUSHER_CONNECTION_FAILED';
    this.#fail(new TransportFailure(code, lineOf(error), !unsent, error));
    // After this turn: when many time out together, none of them is sent in the moment between.
    setImmediate(this.#parts.released);
  }

  #onInterim(): void {
    this.#interim += 1;
    if (this.#interim <= MAX_INTERIM_RESPONSES) return;
    this.#fail(
      new TransportFailure(
        'PUSHER_CONNECTION_FAILED',
        `more than ${MAX_INTERIM_RESPONSES} interim answers came and no final one`,
        true,
      ),
    );
  }

  #answer(truncated = false): void {
    if (!this.#settle()) return;
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    const answer = { status: this.#status, headers: this.#headers, body: body?.toString() ?? '' };
    this.#parts.resolve(truncated ? { ...answer, truncated } : answer);
  }

  #fail(failure: TransportFailure): void {
    if (!this.#settle()) return;
    this.#parts.reject(failure);
    // Without this the connection would stay busy with an answer that nobody waits for.
    this.#controller?.abort(failure);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#forget?.();
    return true;
  }

  #stage(): string {
    if (this.#controller === undefined) return 'no connection was free or could be made';
    return this.#status === 0 ? 'the request was sent' : 'the answer had begun';
  }
}

function expire(exchange: Exchange): void {
  exchange.expire();
}

function isWriteError(error: NodeJS.ErrnoException): boolean {
  return error.syscall === 'write';
}

/** undici refused it, for a header that cannot be sent, or because it is closed. It will refuse it again. */
function isRefusal({ code }: NodeJS.ErrnoException): boolean {
  return /^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED|DESTROYED|CLOSED)$/.test(code ?? '');
}

function lineOf({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
