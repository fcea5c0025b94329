import type { Dispatcher } from 'undici';
import type { PusherOptions, ResolvedHttpOptions } from '../../../options/pusher-options.js';
import { areTimersFake, type Clock, nextTurn, type Turn } from '../../../runtime/clock.js';
import { Queue } from '../../../runtime/queue.js';
import {
  ALL_BUSY,
  CLOSED,
  type HttpResponse,
  HttpTransport,
  type ResponseHeaders,
  type SendLimits,
  type SignedRequest,
  TransportFailure,
} from '../http-transport.js';
import { requestHeaders } from '../request-headers.js';
import {
  Connection,
  type ConnectionSettings,
  type Moment,
  PauseDetector,
  instantOf,
} from './connection.js';
import { ConnectionLimit } from './connection-limit.js';
import { Exchange, type ExchangeOwner } from './exchange.js';
import { SocketOpener } from './socket-opener.js';

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
 * The connections to the server of one app: made as they are needed, never more than their limit, each
 * with one exchange at a time. Further exchanges wait in the order in which they came. Redirects
 * are never followed, nothing is decompressed.
 */
export class ConnectionPool implements ExchangeOwner<Connection> {
  readonly #clock: Clock;
  readonly #turn: Turn;
  readonly #origin: string;
  readonly #limit: ConnectionLimit;
  readonly #parts: ConnectionSettings;
  readonly #pauses: PauseDetector;
  readonly #connections = new Set<Connection>();
  /** The one used last is used next, so that those that are not needed close. */
  readonly #idle: Connection[] = [];
  /** Made when there is first no connection left. */
  #waiting: Queue<Exchange<Connection>> | undefined;
  /** Exchanges that have a connection, or get one within a turn. */
  #busy = 0;
  #isDestroyed = false;

  constructor(options: PusherOptions, clock: Clock, turn: Turn) {
    this.#clock = clock;
    this.#turn = turn;
    this.#origin = options.endpoint.origin;
    this.#limit = new ConnectionLimit(
      options.http.maxConnections,
      !options.http.isMaxConnectionsSet,
    );
    this.#pauses = new PauseDetector(clock, () => this.#connections.size > 0);
    this.#parts = {
      origin: this.#origin,
      sockets: new SocketOpener(options),
      keepAliveTimeoutMs: options.http.keepAliveTimeoutMs,
      maxResponseBytes: options.http.maxResponseBytes,
      now: () => this.#now(),
      onClosed: (connection) => this.#onClosed(connection),
    };
  }

  /** Scheme, host and port, such as `https://api-eu.pusher.com`. */
  get origin(): string {
    return this.#origin;
  }

  /**
   * Sends a request and returns the response, whatever its status.
   * @param signal cancels the request; costs nothing unless it is given
   * @throws TransportFailure when there was no response
   */
  exchange(wire: WireRequest, limits: SendLimits, signal?: AbortSignal): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (this.#isDestroyed || signal?.aborted)
        return reject(notSent(this.#isDestroyed ? CLOSED : 'it was cancelled'));
      const request = {
        origin: this.#origin,
        method: wire.method,
        path: wire.target,
        headers: wire.headers,
        body: wire.body ?? null,
      };
      const clock = this.#clock;
      const exchange = new Exchange({ request, limits, clock, owner: this, resolve, reject });
      if (signal !== undefined) exchange.cancelOn(signal);
      if (this.#limit.allows(this.#busy, this.#connections.size)) return this.#startSoon(exchange);
      exchange.wait(`all ${this.#busy} ${ALL_BUSY}`);
      (this.#waiting ??= new Queue()).push(exchange);
    });
  }

  /** Closes all connections. Exchanges in flight and those that wait fail. */
  async destroy(): Promise<void> {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#pauses.stop();
    const failure = notSent(CLOSED);
    for (const exchange of this.#waiting?.drain() ?? []) exchange.fail(failure);
    this.#idle.length = 0;
    const closed = Promise.all([...this.#connections].map((connection) => connection.destroy()));
    // With fake timers undici would never report that it has closed them.
    await (areTimersFake() ? nextTurn() : closed);
  }

  isStale(connection: Connection): boolean {
    return connection.isStale(this.#now());
  }

  onSending(connection: Connection): void {
    connection.becomeBusy(this.#now());
  }

  onStale(exchange: Exchange<Connection>, connection: Connection): void {
    this.#discard(connection);
    this.#busy -= 1;
    this.#startSoon(exchange);
  }

  onEnded(connection: Connection, headers: ResponseHeaders): void {
    const now = this.#now();
    const tookMs = connection.busyMs(now);
    connection.becomeIdle(now, headers);
    if (!this.#isDestroyed) this.#idle.push(connection);
    this.#next();
    const areOthersWaiting = this.#waiting?.isEmpty === false;
    if (this.#limit.onResponse(tookMs, this.#busy, areOthersWaiting)) this.#startNext();
  }

  onFailed(connection: Connection): void {
    if (!connection.isReused) this.#limit.onRefused(this.#connections.size);
    this.#discard(connection);
    this.#next();
  }

  /**
   * Takes a connection one turn of the event loop from now. undici waits another turn before it uses
   * an idle connection again; together that is enough to notice that the server has closed it. A
   * request written into a closed connection looks the same as one that was read and dropped.
   */
  #startSoon(exchange: Exchange<Connection>): void {
    this.#busy += 1;
    this.#turn.after(() => this.#start(exchange));
  }

  #start(exchange: Exchange<Connection>): void {
    if (this.#isDestroyed) exchange.cancel(CLOSED);
    if (exchange.isSettled) this.#next();
    else exchange.begin(this.#take());
  }

  #next(): void {
    this.#busy -= 1;
    if (this.#limit.allows(this.#busy, this.#connections.size)) this.#startNext();
  }

  #startNext(): void {
    let exchange = this.#waiting?.shift();
    while (exchange?.isSettled) exchange = this.#waiting?.shift();
    if (exchange === undefined) return;
    const next = exchange;
    next.inContext(() => this.#startSoon(next));
  }

  #take(): Connection {
    const now = this.#now();
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isStale(now)) return idle;
      this.#discard(idle);
    }
    if (this.#connections.size === 0) this.#limit.onEmpty();
    const connection = new Connection(this.#parts);
    this.#connections.add(connection);
    this.#pauses.start();
    return connection;
  }

  #onClosed(connection: Connection): void {
    const at = this.#idle.indexOf(connection);
    if (at === -1) return;
    this.#idle.splice(at, 1);
    this.#discard(connection);
  }

  #discard(connection: Connection): void {
    this.#connections.delete(connection);
    void connection.destroy();
  }

  #now(): Moment {
    const instant = instantOf(this.#clock);
    return { instant, pauses: this.#pauses.countPauses(instant) };
  }
}

function notSent(reason: string): TransportFailure {
  return new TransportFailure('PUSHER_NOT_SENT', reason, false);
}

/** What an application may customize, such as axios, and what sends requests once it has. */
export interface CustomizableTransport {
  isCustomized(): boolean;
  readonly transport: HttpTransport;
}

/** Sends directly over the connection pool, until the application has customized something else. */
export class UndiciTransport extends HttpTransport {
  customizable: CustomizableTransport | undefined;
  readonly #bare: string[];
  readonly #withBody: string[];

  constructor(
    private readonly pool: ConnectionPool,
    http: ResolvedHttpOptions,
  ) {
    super();
    const { bare, withBody } = requestHeaders(http);
    // Flat lists of names and values: undici takes them without looking up keys.
    this.#bare = Object.entries(bare).flat();
    this.#withBody = Object.entries(withBody).flat();
  }

  send(request: SignedRequest, limits: SendLimits): Promise<HttpResponse> {
    if (this.customizable?.isCustomized()) return this.customizable.transport.send(request, limits);
    const { method, target, body } = request;
    const headers = body === undefined ? this.#bare : this.#withBody;
    return this.pool.exchange({ method, target, headers, body }, limits);
  }

  destroy(): Promise<void> {
    return this.pool.destroy();
  }
}
