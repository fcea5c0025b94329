import { HttpService } from '@nestjs/axios';
import type { AxiosRequestConfig, CreateAxiosDefaults } from 'axios';
import type { PusherOptions } from '../options/pusher-options.js';
import type { ConnectionPool } from './connection-pool.js';
import { requestHeaders } from './library-headers.js';
import { poolAdapter } from './pool-adapter.js';

/** Settings that only the Node adapter of axios understands. Whoever gives one wants that adapter. */
const FOR_NODE_ADAPTER = [
  'httpAgent',
  'httpsAgent',
  'socketPath',
  'transport',
  'auth',
  'lookup',
  'family',
  'proxy',
] as const satisfies readonly (keyof AxiosRequestConfig)[];

/**
 * The module's `HttpService`, with an axios instance of its own over the same connections. Requests
 * of the library pass through it once the application has added an interceptor, a setting or an
 * adapter.
 */
export function createHttpService(options: PusherOptions, pool: ConnectionPool): HttpService {
  const own = options.http.axios?.reveal() ?? {};
  const { headers, ...settings } = own;
  const forNode = FOR_NODE_ADAPTER.some((name) => settings[name] !== undefined);
  const defaults: CreateAxiosDefaults = {
    baseURL: pool.origin,
    timeout: options.timeoutMs,
    responseType: 'text',
    // The body is text already and the answer is parsed once, by the judge.
    transformRequest: [],
    transformResponse: [],
    validateStatus: () => true,
    maxRedirects: 0,
    decompress: false,
    proxy: false,
    maxContentLength: options.http.maxAnswerBytes,
    ...settings,
    adapter: settings.adapter ?? (forNode ? 'http' : poolAdapter(pool)),
    headers: { ...requestHeaders(options.http).bare, ...(headers as Record<string, string>) },
  };
  // The axios of a fresh HttpService is the package itself, which makes instances.
  return new HttpService(new HttpService().axiosRef.create(defaults));
}
