import type { PusherOptions } from '../../../options/pusher-options.js';
import { type Clock, nextTurn } from '../../../runtime/clock.js';
import { Queue } from '../../../runtime/queue.js';
import {
  ALL_BUSY,
  CLOSED,
  type HttpResponse,
  HttpTransport,
  type SendLimits,
  type SignedRequest,
  TransportFailure,
} from '../http-transport.js';
import { requestHeaders } from '../request-headers.js';
import { fetchFailure } from './fetch-failure.js';
import { readResponse } from './read-response.js';

type RequestHeaders = ReturnType<typeof requestHeaders>;

/** A request that waits until others are over. */
interface Waiter {
  start(): void;
  close(): void;
}

/**
 * Sends with the `fetch` of the runtime, which keeps the connections. At most `maxConnections` requests
 * are in flight; further ones wait in the order in which they came. Redirects are never followed.
 */
export class FetchTransport extends HttpTransport {
  readonly #origin: string;
  readonly #headers: RequestHeaders;
  readonly #maxInFlight: number;
  readonly #maxResponseBytes: number;
  readonly #clock: Clock;
  readonly #inFlight = new Set<AbortController>();
  readonly #waiting = new Queue<Waiter>();
  #busy = 0;
  #isDestroyed = false;

  constructor({ endpoint, http }: PusherOptions, clock: Clock) {
    super();
    this.#origin = endpoint.origin;
    this.#headers = requestHeaders(http);
    this.#maxInFlight = http.maxConnections;
    this.#maxResponseBytes = http.maxResponseBytes;
    this.#clock = clock;
  }

  async send(request: SignedRequest, limits: SendLimits): Promise<HttpResponse> {
    if (this.#isDestroyed) throw notSent(CLOSED);
    const url = this.#urlOf(request);
    const waitedMs = await this.#enter(limits.deadlineMs);
    try {
      // A runtime notices in this turn which idle connections the server has closed.
      await nextTurn();
      if (this.#isDestroyed) throw notSent(CLOSED);
      const leftMs = limits.deadlineMs - waitedMs;
      return await this.#exchange(url, request, Math.max(1, Math.min(limits.timeoutMs, leftMs)));
    } finally {
      this.#next();
    }
  }

  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    for (const waiter of this.#waiting.drain()) waiter.close();
    for (const abort of this.#inFlight) abort.abort(maybeSent(CLOSED));
  }

  /** The signature covers the path as it is written, so a URL that changes it must not be sent. */
  #urlOf({ target }: SignedRequest): URL {
    const url = new URL(this.#origin + target);
    if (url.pathname + url.search === target) return url;
    throw notSent('fetch would change the path of the request, which is signed');
  }

  async #exchange(
    url: URL,
    { method, body }: SignedRequest,
    timeoutMs: number,
  ): Promise<HttpResponse> {
    const abort = new AbortController();
    let stage = 'no response had begun';
    const cancelTimer = this.#clock.after(timeoutMs, () => abort.abort(timeout(timeoutMs, stage)));
    this.#inFlight.add(abort);
    try {
      const response = await fetch(url, {
        method,
        headers: body === undefined ? this.#headers.bare : this.#headers.withBody,
        redirect: 'manual',
        signal: abort.signal,
        ...(body !== undefined && { body: new Uint8Array(body) }),
      });
      stage = 'the response had begun';
      const received = await readResponse(response, this.#maxResponseBytes);
      if (received.truncated) abort.abort();
      return received;
    } catch (error) {
      throw fetchFailure(error, abort.signal);
    } finally {
      cancelTimer();
      this.#inFlight.delete(abort);
    }
  }

  /** Waits until the request may start. Returns how long that took, in milliseconds. */
  async #enter(deadlineMs: number): Promise<number> {
    if (this.#busy < this.#maxInFlight) {
      this.#busy += 1;
      return 0;
    }
    const since = this.#clock.elapsed();
    await this.#wait(deadlineMs);
    return this.#clock.elapsed() - since;
  }

  /** Resolves when the request may start. */
  #wait(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const fail = (reason: string): void => {
        isOver = true;
        reject(notSent(reason));
      };
      const cancelTimer = this.#clock.after(deadlineMs, () =>
        fail(`all ${this.#maxInFlight} ${ALL_BUSY}`),
      );
      this.#waiting.push({
        start: () => {
          if (isOver) return this.#next();
          cancelTimer();
          resolve();
        },
        close: () => {
          cancelTimer();
          fail(CLOSED);
        },
      });
    });
  }

  /** Passes the place of a request that is over to the one that has waited longest. */
  #next(): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#busy -= 1;
    else waiter.start();
  }
}

function notSent(reason: string): TransportFailure {
  return new TransportFailure('PUSHER_NOT_SENT', reason, false);
}

function maybeSent(reason: string): TransportFailure {
  return new TransportFailure('PUSHER_CONNECTION_FAILED', reason, true);
}

/** `fetch` does not report when it has a connection, so the request may have been sent. */
function timeout(timeoutMs: number, stage: string): TransportFailure {
  return new TransportFailure(
    'PUSHER_TIMEOUT',
    `no complete response within ${Math.ceil(timeoutMs)} ms (${stage})`,
    true,
  );
}
