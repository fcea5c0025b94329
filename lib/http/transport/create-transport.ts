import type { HttpService } from '@nestjs/axios';
import type { PusherOptions } from '../../options/pusher-options.js';
import { type Clock, SystemClock } from '../../runtime/clock.js';
import { Turn } from '../../runtime/turn.js';
import { AxiosChanges } from './axios/axios-changes.js';
import { AxiosTransport } from './axios/axios-transport.js';
import { createHttpService } from './axios/http-service.js';
import { poolAdapter } from './axios/pool-adapter.js';
import type { HttpTransport } from './http-transport.js';
import { ConnectionPool } from './undici/connection-pool.js';
import { UndiciTransport } from './undici/undici-transport.js';

/** What carries the requests of one app, and the `HttpService` to which its application may add. */
export interface AppTransport {
  readonly transport: HttpTransport;
  readonly httpService: HttpService;
}

/**
 * Makes the transport of one app: undici directly, or axios over the same connections once the
 * application has customized axios. Nothing is connected yet.
 */
export function createTransport(
  options: PusherOptions,
  clock: Clock = new SystemClock(),
  turn: Turn = new Turn(),
): AppTransport {
  const pool = new ConnectionPool(options, clock, turn);
  const { timeoutMs, retry } = options;
  const deadlineMs = Math.max(retry.deadlineMs, timeoutMs);
  const adapter = poolAdapter(pool, { timeoutMs, deadlineMs });
  const httpService = createHttpService(options, adapter);
  const instance = httpService.axiosRef;
  const direct = new UndiciTransport(pool, options.http);
  const customized = new AxiosTransport({ instance, adapter, pool, clock });
  const changes = new AxiosChanges(instance);
  const always = options.http.axios !== undefined;
  return {
    transport: eitherOf(direct, customized, () => always || changes.any),
    httpService,
  };
}

/** Decides for each request which of two transports over the same connections carries it. */
function eitherOf(
  direct: HttpTransport,
  customized: HttpTransport,
  isCustomized: () => boolean,
): HttpTransport {
  return {
    send: (request, limits) => (isCustomized() ? customized : direct).send(request, limits),
    destroy: () => direct.destroy(),
  };
}
