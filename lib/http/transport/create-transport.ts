import type { HttpService } from '@nestjs/axios';
import type { PusherOptions } from '../../options/pusher-options.js';
import { AxiosChanges } from './axios/axios-changes.js';
import { AxiosTransport } from './axios/axios-transport.js';
import { ConnectionPool } from './undici/connection-pool.js';
import { createHttpService } from './axios/http-service.js';
import type { HttpTransport } from './http-transport.js';
import { poolAdapter } from './axios/pool-adapter.js';
import { SwitchingTransport } from './switching-transport.js';
import { UndiciTransport } from './undici/undici-transport.js';

/** How the requests of one app travel, and the `HttpService` to which its application may add. */
export interface AppTransport {
  readonly transport: HttpTransport;
  readonly httpService: HttpService;
}

/** Makes the connections of one app and both ways over them. Nothing is connected yet. */
export function createTransport(options: PusherOptions): AppTransport {
  const pool = new ConnectionPool(options);
  const adapter = poolAdapter(pool);
  const httpService = createHttpService(options, adapter);
  const instance = httpService.axiosRef;
  const direct = new UndiciTransport(pool, options.http);
  const customised = new AxiosTransport({ instance, adapter, end: () => pool.destroy() });
  const changes = new AxiosChanges(instance);
  const always = options.http.axios !== undefined;
  return {
    transport: new SwitchingTransport(direct, customised, () => always || changes.any),
    httpService,
  };
}
