import type { ResolvedHttpOptions } from '../../../options/pusher-options.js';
import {
  type HttpResponse,
  HttpTransport,
  type SendLimits,
  type SignedRequest,
} from '../http-transport.js';
import { requestHeaders } from '../request-headers.js';
import type { ConnectionPool } from './connection-pool.js';

/** Sends directly over the connection pool. */
export class UndiciTransport extends HttpTransport {
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

  send({ method, target, body }: SignedRequest, limits: SendLimits): Promise<HttpResponse> {
    const headers = body === undefined ? this.#bare : this.#withBody;
    return this.pool.exchange({ method, target, headers, body }, limits);
  }

  destroy(): Promise<void> {
    return this.pool.destroy();
  }
}
