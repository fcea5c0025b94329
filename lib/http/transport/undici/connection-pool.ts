import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { PusherOptions } from '../../../options/pusher-options.js';
import { type Clock, SystemClock } from '../../../runtime/clock.js';
import { Queue } from '../../../runtime/queue.js';
import {
  areTimersFake,
  nextTurn,
  setImmediate,
  suspendFakeTimers,
} from '../../../runtime/timers.js';
import { type HttpResponse, TransportFailure } from '../http-transport.js';
import { Exchange } from './exchange.js';

/** What is written to a connection. */
export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly target: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body?: Buffer;
}

/**
 * The connections to the server of one app. Never more than `maxConnections`; further requests are
 * queued until their time is over. Redirects are never followed, nothing is decompressed.
 */
export class ConnectionPool {
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;
  readonly #maxConnections: number;
  readonly #timeoutMs: number;
  readonly #queue = new Queue<Exchange>();
  #busy = 0;
  #destroyed = false;

  constructor(
    options: PusherOptions,
    private readonly clock: Clock = new SystemClock(),
  ) {
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
   * Sends a request and returns the response, whatever its status.
   * @param timeoutMs for all of it. @default the `timeoutMs` of the options
   * @param signal cancels the request; costs nothing unless it is given
   * @throws TransportFailure when there was no response
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
      const { clock } = this;
      const parts = { request, clock, onReleased: this.#next, resolve, reject };
      const exchange = new Exchange(parts, timeoutMs);
      if (signal !== undefined) exchange.cancelOn(signal);
      if (this.#busy < this.#maxConnections) this.#dispatch(exchange);
      else this.#queue.push(exchange);
    });
  }

  /** Closes all connections. Exchanges in flight and in the queue fail. */
  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const exchange of this.#queue.drain()) exchange.cancel('the connections are closed');
    const closed = this.#dispatcher.destroy();
    // With fake timers undici would never report that it has closed them.
    await (areTimersFake() ? nextTurn() : closed);
  }

  /**
   * Takes a connection one turn of the event loop from now. undici waits another turn before it uses
   * an idle connection again; together that is enough to notice that the server has closed it. A
   * request written into a closed connection looks the same as one that was read and dropped.
   */
  #dispatch(exchange: Exchange): void {
    this.#busy += 1;
    setImmediate(this.#start, exchange);
  }

  #start = (exchange: Exchange): void => {
    if (exchange.settled) return this.#next();
    suspendFakeTimers();
    try {
      this.#dispatcher.dispatch(exchange.request, exchange);
    } catch (error) {
      exchange.onResponseError(null, error as Error);
    }
  };

  #next = (): void => {
    this.#busy -= 1;
    let exchange = this.#queue.shift();
    while (exchange?.settled) exchange = this.#queue.shift();
    if (exchange !== undefined) this.#dispatch(exchange);
  };
}

function notSent(reason: string): TransportFailure {
  return new TransportFailure('PUSHER_NOT_SENT', reason, false);
}

/** The undici pool of one app, through its proxy when it has one. Nothing is connected yet. */
function createDispatcher({ endpoint, http, timeoutMs }: PusherOptions): Dispatcher {
  const connections = http.maxConnections;
  const settings = {
    connections,
    pipelining: 1,
    maxResponseSize: http.maxResponseBytes,
    keepAliveTimeout: http.keepAliveTimeoutMs,
    keepAliveMaxTimeout: http.keepAliveTimeoutMs,
    // An exchange has one timeout for everything; these would only limit parts of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const tls = http.tls?.reveal();
  const connect = { ...tls, timeout: timeoutMs };
  if (http.proxy === undefined) return new Pool(endpoint.origin, { ...settings, connect });
  return new ProxyAgent({
    ...settings,
    uri: http.proxy.reveal(),
    requestTls: connect,
    proxyTls: { ca: tls?.ca, timeout: timeoutMs },
    // The pool that requests tunnels from the proxy. A proxy that never responds must not block it for ever.
    clientFactory: (origin, options) =>
      new Pool(origin, { ...options, connections, headersTimeout: timeoutMs }),
  });
}
