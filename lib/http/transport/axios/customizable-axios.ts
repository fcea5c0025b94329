import type { HttpService } from '@nestjs/axios';
import type { PusherOptions } from '../../../options/pusher-options.js';
import type { Clock } from '../../../runtime/clock.js';
import type { HttpTransport } from '../http-transport.js';
import type { ConnectionPool } from '../undici/connection-pool.js';
import { AxiosChanges } from './axios-changes.js';
import { AxiosTransport } from './axios-transport.js';
import { createHttpService } from './http-service.js';
import { poolAdapter } from './pool-adapter.js';

/** The `HttpService` of one app, and the transport that sends through it, over the same connections. */
export class CustomizableAxios {
  readonly httpService: HttpService;
  readonly transport: HttpTransport;
  readonly #changes: AxiosChanges;
  readonly #hasSettings: boolean;

  constructor(options: PusherOptions, pool: ConnectionPool, clock: Clock) {
    const { timeoutMs, retry } = options;
    const deadlineMs = Math.max(retry.deadlineMs, timeoutMs);
    const adapter = poolAdapter(pool, { timeoutMs, deadlineMs });
    this.httpService = createHttpService(options, adapter);
    const instance = this.httpService.axiosRef;
    this.transport = new AxiosTransport({ instance, adapter, pool, clock });
    this.#changes = new AxiosChanges(instance);
    this.#hasSettings = options.http.axios !== undefined;
  }

  /** Whether axios has anything to contribute to the next request. */
  isCustomized(): boolean {
    return this.#hasSettings || this.#changes.any;
  }
}
