import type { IncomingHttpHeaders } from 'node:http';
import { isPromiseLike } from '../../runtime/deadline.js';
import { LazySignal } from '../../runtime/lazy-signal.js';

/** A request to sign in: the second argument of an `@AuthenticateUser` method. */
export class UserAuthRequest {
  /** Id of the connection. */
  readonly socketId: string;
  /** Name of the app that the client connects to; `default` for the one without a name. */
  readonly app: string;
  /**
   * Extra values that the client sent: `channelAuthorization.params` and `userAuthentication.params`
   * of pusher-js, as strings. Do not trust them. The object has no prototype.
   */
  readonly params: Readonly<Record<string, unknown>>;
  /** The headers of the request, names in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The request of Express or Fastify. */
  readonly raw: unknown;
  readonly #lifetime: RequestLifetime;

  constructor(parts: AuthRequestParts) {
    this.socketId = parts.socketId;
    this.app = parts.app;
    this.params = parts.params;
    this.headers = parts.headers;
    this.raw = parts.raw;
    this.#lifetime = parts.lifetime ?? new RequestLifetime();
  }

  /** Aborts when the client disconnects or the time is up. A later result of the rule is ignored. */
  get signal(): AbortSignal {
    return this.#lifetime.signal;
  }

  /** The value, or the promise, which rejects when the request ends before it settles. @internal */
  waitFor<T>(value: T | PromiseLike<T>): T | Promise<T> {
    return this.#lifetime.waitFor(value);
  }
}

/** The parts of a request for authorization, as they were read. */
export interface AuthRequestParts extends Omit<UserAuthRequest, 'signal' | 'waitFor'> {
  /** @default it does not end early */
  readonly lifetime?: RequestLifetime;
}

/** A request to subscribe to a channel: the third argument of a rule. */
export class ChannelAuthRequest extends UserAuthRequest {
  constructor(
    parts: AuthRequestParts,
    /** The whole name of the channel. */
    readonly channel: string,
  ) {
    super(parts);
  }
}

/** Starts to watch for the end of a request, calls back with the reason, and returns how to stop. */
export type WatchForEnd = (end: (reason: Error) => void) => () => void;

/**
 * The time in which the response to a request can still be sent: until the client disconnects or the
 * time is up. Most rules return at once, so it costs nothing until somebody waits or reads the signal.
 */
export class RequestLifetime {
  #watching: (() => void) | undefined;
  #closed = false;
  #reason: Error | undefined;
  readonly #signal = new LazySignal();
  #reject: (reason: Error) => void = () => undefined;

  /** @param watch called once at most. @default the request does not end early */
  constructor(private readonly watch: WatchForEnd = () => () => undefined) {}

  /** Aborts when the request ends early. */
  get signal(): AbortSignal {
    this.#watch();
    return this.#signal.signal;
  }

  /** The value itself when it is there at once; otherwise waits for it until the request ends. */
  waitFor<T>(value: T | PromiseLike<T>): T | Promise<T> {
    if (isPromiseLike(value))
      return new Promise((resolve, reject) => {
        this.#reject = reject;
        this.#watch();
        if (this.#reason !== undefined) reject(this.#reason);
        value.then(resolve, reject);
      });
    if (this.#reason !== undefined) throw this.#reason;
    return value;
  }

  /** Ends the request early: whoever waits fails with the reason. */
  end(reason: Error): void {
    if (this.#closed) return;
    this.close();
    this.#reason = reason;
    this.#signal.abort(reason);
    this.#reject(reason);
  }

  /** The response is sent; nothing is watched any more. */
  close(): void {
    this.#closed = true;
    this.#watching?.();
    this.#watching = undefined;
  }

  #watch(): void {
    if (this.#closed || this.#watching !== undefined) return;
    // Ended at once, it has closed itself before there was anything to stop.
    this.#watching = this.watch((reason) => this.end(reason));
    if (this.#closed) this.close();
  }
}
