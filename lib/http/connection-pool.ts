import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { PusherOptions } from '../options/pusher-options.js';
import { Exchange } from './exchange.js';
import type { HttpAnswer } from './http-transport.js';
import { TransportFailure } from './transport-failure.js';
import { WaitingLine } from './waiting-line.js';

/** What travels on a connection. */
export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly target: string;
  readonly headers: readonly string[] | Record<string, string>;
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
  readonly #maxAnswerBytes: number;
  readonly #waiting = new WaitingLine<Exchange>((exchange) => !exchange.settled);
  readonly #released = (): void => this.#next();
  #busy = 0;
  #destroyed = false;

  constructor(options: PusherOptions) {
    this.#dispatcher = dispatcherFor(options);
    this.#origin = options.endpoint.origin;
    this.#maxConnections = options.http.maxConnections;
    this.#maxAnswerBytes = options.http.maxAnswerBytes;
  }

  /** Scheme, host and port, such as `https://api-eu.pusher.com`. */
  get origin(): string {
    return this.#origin;
  }

  /**
   * Sends a request and gives the answer, whatever its status.
   * @throws TransportFailure when no answer came within `timeoutMs`
   */
  exchange(wire: WireRequest, timeoutMs: number): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#destroyed)
        return reject(new TransportFailure('PUSHER_NOT_SENT', 'the connections are closed', false));
      const exchange = new Exchange(
        {
          request: {
            origin: this.#origin,
            method: wire.method,
            path: wire.target,
            headers: wire.headers as string[],
            body: wire.body ?? null,
          },
          maxAnswerBytes: this.#maxAnswerBytes,
          released: this.#released,
          resolve,
          reject,
        },
        timeoutMs,
      );
      if (this.#busy < this.#maxConnections) this.#dispatch(exchange);
      else this.#waiting.add(exchange);
    });
  }

  /** Ends all connections. Exchanges under way fail, those in line too. */
  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    await this.#dispatcher.destroy();
  }

  #dispatch(exchange: Exchange): void {
    this.#busy += 1;
    this.#dispatcher.dispatch(exchange.request, exchange);
  }

  #next(): void {
    this.#busy -= 1;
    const exchange = this.#waiting.next();
    if (exchange !== undefined) this.#dispatch(exchange);
  }
}

function dispatcherFor({ endpoint, http, timeoutMs }: PusherOptions): Dispatcher {
  const tls = http.tls?.reveal();
  const settings = {
    connections: http.maxConnections,
    pipelining: 1,
    keepAliveTimeout: http.keepAliveTimeoutMs,
    keepAliveMaxTimeout: http.keepAliveTimeoutMs,
    // The exchange keeps the time for all of it; these would only end parts of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const connect = { ...tls, timeout: timeoutMs };
  if (http.proxy === undefined) return new Pool(endpoint.origin, { ...settings, connect });
  return new ProxyAgent({
    ...settings,
    uri: http.proxy.reveal(),
    requestTls: connect,
    proxyTls: { timeout: timeoutMs },
    clientFactory: (origin, options) =>
      new Pool(origin, { ...options, connections: http.maxConnections, headersTimeout: timeoutMs }),
  });
}
