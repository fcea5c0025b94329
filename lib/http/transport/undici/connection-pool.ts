import type { Dispatcher } from 'undici';
import type { PusherOptions } from '../../../options/pusher-options.js';
import { createDispatcher } from './dispatcher.js';
import { Exchange } from './exchange.js';
import type { HttpResponse } from '../http-transport.js';
import { TransportFailure } from '../transport-failure.js';
import { Queue } from '../../../runtime/queue.js';

/** What travels on a connection. */
export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly target: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body?: Buffer;
}

/**
 * The connections to the server of one app. Never more than `maxConnections`; further requests wait
 * in line, and leave it when their time is over. Redirects are never followed, nothing is decompressed.
 */
export class ConnectionPool {
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;
  readonly #maxConnections: number;
  readonly #timeoutMs: number;
  readonly #waiting = new Queue<Exchange>();
  #busy = 0;
  #destroyed = false;

  constructor(options: PusherOptions) {
    this.#dispatcher = createDispatcher(options);
    this.#origin = options.endpoint.origin;
    this.#maxConnections = options.http.maxConnections;
    this.#timeoutMs = options.timeoutMs;
  }

  /** Scheme, host and port, such as `https://api-eu.pusher.com`. */
  get origin(): string {
    return this.#origin;
  }

  /**
   * Sends a request and gives the answer, whatever its status.
   * @param timeoutMs for all of it. @default the `timeoutMs` of the options
   * @param signal gives the request up; costs nothing unless it is there
   * @throws TransportFailure when no answer came
   */
  exchange(
    wire: WireRequest,
    timeoutMs: number = this.#timeoutMs,
    signal?: AbortSignal,
  ): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (this.#destroyed || signal?.aborted)
        return reject(notSent(this.#destroyed ? 'the connections are closed' : 'it was cancelled'));
      const request = {
        origin: this.#origin,
        method: wire.method,
        path: wire.target,
        headers: wire.headers,
        body: wire.body ?? null,
      };
      const parts = { request, released: this.#next, resolve, reject };
      const exchange = new Exchange(parts, timeoutMs);
      if (signal !== undefined) exchange.cancelOn(signal);
      if (this.#busy < this.#maxConnections) this.#dispatch(exchange);
      else this.#waiting.push(exchange);
    });
  }

  /** Ends all connections. Exchanges under way fail, those in line too. */
  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const exchange of this.#waiting.drain()) exchange.cancel('the connections are closed');
    await this.#dispatcher.destroy();
  }

  /**
   * Takes a connection one turn of the event loop from now. undici waits another turn before it uses
   * an idle connection again; together that is time enough to hear that the server has closed it. A
   * request written into a closed connection could not be told from one that was read and dropped.
   */
  #dispatch(exchange: Exchange): void {
    this.#busy += 1;
    setImmediate(this.#start, exchange);
  }

  #start = (exchange: Exchange): void => {
    if (exchange.settled) return this.#next();
    try {
      this.#dispatcher.dispatch(exchange.request, exchange);
    } catch (error) {
      exchange.onResponseError(null, error as Error);
    }
  };

  #next = (): void => {
    this.#busy -= 1;
    let exchange = this.#waiting.shift();
    while (exchange?.settled) exchange = this.#waiting.shift();
    if (exchange !== undefined) this.#dispatch(exchange);
  };
}

function notSent(reason: string): TransportFailure {
  return new TransportFailure('PUSHER_NOT_SENT', reason, false);
}
