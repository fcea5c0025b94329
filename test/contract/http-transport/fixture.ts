import type { RequestListener } from 'node:http';
import { expect } from '@jest/globals';
import type {
  HttpResponse,
  HttpTransport,
  SendLimits,
  SignedRequest,
} from '../../../lib/http/transport/http-transport.js';
import { TransportFailure } from '../../../lib/http/transport/http-transport.js';
import type { PusherOptions } from '../../../lib/options/pusher-options.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import type { FaultName } from '../../support/faults/plays.js';
import { FaultServer } from '../../support/faults/server.js';
import { rawOptions, type RawOptions } from '../../support/raw/options.js';
import { RawProxy, type RawProxyOptions } from '../../support/raw/proxy.js';
import { RawServer } from '../../support/raw/server.js';

export const POST: SignedRequest = {
  method: 'POST',
  target: '/apps/3/events?auth_signature=x&info=a%2Cb%20%2B',
  body: Buffer.from('{"data":"grüße 😀"}'),
};
export const GET: SignedRequest = { method: 'GET', target: '/apps/3/channels/a@=,.;?x=' };

/** So much time for the exchange and for all of it. */
export function within(timeoutMs: number): SendLimits {
  return { timeoutMs, deadlineMs: timeoutMs };
}

/** What a transport knows of its connections. */
export interface TransportAbilities {
  /**
   * Whether it makes the connections itself: it knows when a request is written, adds no headers of a
   * runtime, does not decompress, and can be given certificates and a proxy. `fetch` does not.
   */
  readonly ownsConnections: boolean;
}

export type MakeTransport = (options: PusherOptions, clock?: Clock) => Promise<HttpTransport>;

/** Servers, proxies and transports of one test; all end with it, the last first. */
export class TransportFixture {
  readonly #endings: (() => Promise<unknown>)[] = [];

  constructor(
    private readonly make: MakeTransport,
    private readonly abilities: TransportAbilities,
  ) {}

  /**
   * Waits until the server has no connection left, and returns how many it has then. Only where the transport makes them: after a request
   * is aborted, `fetch` of Node 20 opens another connection by itself and keeps it for a while.
   */
  async connectionsLeft(server: RawServer | FaultServer): Promise<number> {
    if (!this.abilities.ownsConnections) return 0;
    await server.closed();
    return server.openSockets;
  }

  async server(respond?: RequestListener, tls?: { cert: string; key: string }): Promise<RawServer> {
    return this.#later(await RawServer.start(respond, tls), (made) => made.stop());
  }

  async proxy(options?: RawProxyOptions): Promise<RawProxy> {
    return this.#later(await RawProxy.start(options), (made) => made.stop());
  }

  transport(origin: string, options: RawOptions = {}, clock?: Clock): HttpTransport {
    const made = this.make(rawOptions({ ...options, endpoint: { origin } }), clock);
    const transport: HttpTransport = {
      send: async (request, limits) => await (await made).send(request, limits),
      destroy: async () => await (await made).destroy(),
    };
    return this.#later(transport, () => transport.destroy());
  }

  /** A transport to a server behind a fault that every request meets. */
  async behind(
    fault: FaultName,
    options: RawOptions = {},
  ): Promise<{ upstream: RawServer; faults: FaultServer; transport: HttpTransport }> {
    const upstream = await this.server();
    const faults = await FaultServer.start(upstream.port, () => fault);
    this.#later(faults, () => faults.stop());
    return { upstream, faults, transport: this.transport(faults.origin, options) };
  }

  async end(): Promise<void> {
    for (const end of this.#endings.splice(0)) await end();
  }

  #later<T>(made: T, end: (made: T) => Promise<unknown>): T {
    this.#endings.unshift(() => end(made));
    return made;
  }
}

/** The failure that it was rejected with. */
export async function failureOf(sent: Promise<HttpResponse>): Promise<TransportFailure> {
  const failure: unknown = await sent.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TransportFailure);
  return failure as TransportFailure;
}
