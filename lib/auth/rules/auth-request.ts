import type { IncomingHttpHeaders } from 'node:http';
import { RequestLifetime } from './request-lifetime.js';

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
