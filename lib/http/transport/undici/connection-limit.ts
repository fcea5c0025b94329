/** Requests per second that one process can send. More connections than these need would be idle. */
const REQUESTS_PER_SECOND = 10_000;

/** The most connections, however far away the server is. */
const MOST = 1024;

/**
 * How many round trips requests have to wait before connections are added. The handshake of a new one
 * takes two round trips, and the CPU time of ten requests: a short burst ends sooner without it.
 */
const ROUNDS = 2;

/** A response that takes as many round trips was delayed by the server, or by this process. */
const DELAYED = 2;

/**
 * How many connections there may be. What the application has set is final. The default is exceeded
 * when the server is so far away that it limits the rate: while requests wait for a connection, each
 * response adds one, up to 10 for each millisecond of the round trip and 1024 at most.
 *
 * The round trip is the shortest time that a response has taken. No connection is added for a server
 * that is overloaded or hangs, nor in a process that is busy: responses are late then, or do not come.
 */
export class ConnectionLimit {
  readonly #base: number;
  readonly #growsWithDistance: boolean;
  #most = MOST;
  #roundTripMs = Infinity;
  /** Responses in a row that found requests waiting. */
  #found = 0;

  /** @param base the limit for a server nearby */
  constructor(base: number, growsWithDistance: boolean) {
    this.#base = base;
    this.#growsWithDistance = growsWithDistance;
  }

  /** Whether another exchange may begin. All connections that are open may be used. */
  allows(busy: number, open: number): boolean {
    return busy < Math.max(this.#base, open);
  }

  /**
   * Notes a response, and returns whether to add a connection.
   * @param milliseconds from the request to the response
   */
  onResponse(milliseconds: number, busy: number, areOthersWaiting: boolean): boolean {
    if (!this.#growsWithDistance) return false;
    if (milliseconds < this.#roundTripMs) this.#roundTripMs = milliseconds;
    this.#found = areOthersWaiting ? this.#found + 1 : 0;
    if (this.#found <= ROUNDS * this.#base) return false;
    if (milliseconds > DELAYED * this.#roundTripMs) return false;
    return busy < Math.min(this.#most, (this.#roundTripMs / 1000) * REQUESTS_PER_SECOND);
  }

  /** Notes that a new connection has failed: the server, or this machine, may stand no more of them. */
  onRefused(open: number): void {
    this.#most = Math.min(this.#most, open - 1);
  }

  /** Notes that no connection is open: the next one may lead elsewhere. */
  onEmpty(): void {
    this.#most = MOST;
    this.#roundTripMs = Infinity;
  }
}
