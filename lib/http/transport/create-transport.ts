import type { HttpService } from '@nestjs/axios';
import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { type Clock, SystemClock, Turn } from '../../runtime/clock.js';
import type { CustomizableAxios } from './axios/customizable-axios.js';
import { undiciProblem } from './fetch/undici-problem.js';
import { HttpTransport, TransportFailure } from './http-transport.js';
import type { ConnectionPool } from './undici/connection-pool.js';

/** What carries the requests of one app, and the `HttpService` to which its application may add. */
export interface AppTransport {
  readonly transport: HttpTransport;
  /**
   * Always the same one. The first call loads `@nestjs/axios` and `axios`.
   * @throws PusherOptionsError when they are not installed
   */
  httpService(): Promise<HttpService>;
  /** Why requests are sent with `fetch`; `undefined` when they are sent with undici. */
  readonly withoutUndici?: string;
}

/** The transport of an app that sends nothing: `delivery: 'log' | 'off'`. */
export class NoTransport extends HttpTransport {
  constructor(private readonly delivery: PusherOptions['delivery']) {
    super();
  }

  async send(): Promise<never> {
    const reason = `nothing is sent, because delivery is '${this.delivery}'; leave that option out`;
    throw new TransportFailure('PUSHER_NOT_SENT', reason, false);
  }

  async destroy(): Promise<void> {}
}

/**
 * Makes the transport of one app: undici directly, or axios over the same connections once the
 * application has customized axios; `fetch` in a runtime in which undici cannot work. What carries
 * requests is loaded here and not when the package is imported, and axios only if the application
 * uses it. Nothing is connected yet.
 * @throws PusherOptionsError when `http.axios` is set and axios is not installed, or with options that
 * `fetch` cannot satisfy, and when there is no `fetch` either
 */
export async function createTransport(
  options: PusherOptions,
  clock: Clock = new SystemClock(),
  turn: Turn = new Turn(),
  whyWithoutUndici: () => Promise<string | undefined> = undiciProblem,
): Promise<AppTransport> {
  const reason = await whyWithoutUndici();
  if (reason !== undefined) return overFetch(options, clock, reason);
  const { ConnectionPool, UndiciTransport } = await import('./undici/connection-pool.js');
  const pool = new ConnectionPool(options, clock, turn);
  const transport = new UndiciTransport(pool, options.http);
  let creating: Promise<CustomizableAxios> | undefined;
  const withAxios = async (): Promise<CustomizableAxios> =>
    (transport.customizable = await (creating ??= createAxios(options, pool, clock)));
  if (options.http.axios !== undefined) await withAxios();
  return { transport, httpService: async () => (await withAxios()).httpService };
}

async function overFetch(
  options: PusherOptions,
  clock: Clock,
  reason: string,
): Promise<AppTransport> {
  const { axiosOverFetch, checkFetchOptions } = await import('./fetch/fetch-options.js');
  const { FetchTransport } = await import('./fetch/fetch-transport.js');
  if (typeof globalThis.fetch !== 'function') throw nothingToSendWith(reason);
  checkFetchOptions(options.http, reason);
  return {
    transport: new FetchTransport(options, clock),
    httpService: () => Promise.reject(axiosOverFetch(reason)),
    withoutUndici: reason,
  };
}

async function createAxios(
  options: PusherOptions,
  pool: ConnectionPool,
  clock: Clock,
): Promise<CustomizableAxios> {
  const { CustomizableAxios } = await import('./axios/customizable-axios.js').catch(
    (error: NodeJS.ErrnoException) => {
      throw isNotInstalled(error) ? withoutAxios() : error;
    },
  );
  return new CustomizableAxios(options, pool, clock);
}

/** Codes of Node and of Jest. */
function isNotInstalled({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

/** In Jest's jsdom environment there is neither `fetch` nor what undici needs. */
function nothingToSendWith(reason: string): PusherOptionsError {
  return new PusherOptionsError(
    [
      `${reason}, and there is no fetch. If this is a test with Jest and jsdom, put "@jest-environment node" into the docblock at the top of the test file.`,
    ],
    'Requests cannot be sent in this environment',
  );
}

function withoutAxios(): PusherOptionsError {
  return new PusherOptionsError([
    '`http.axios` and @InjectPusherHttp() need @nestjs/axios and axios, which are not installed. Run: npm install @nestjs/axios axios',
  ]);
}
