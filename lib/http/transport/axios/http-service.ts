import { inspect } from 'node:util';
import { HttpService } from '@nestjs/axios';
import type { AxiosAdapter, AxiosRequestConfig, CreateAxiosDefaults } from 'axios';
import type { PusherOptions } from '../../../options/pusher-options.js';
import { requestHeaders } from '../request-headers.js';

/** Settings that only the Node adapter of axios understands. Any of them selects that adapter. */
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

/** The axios of an `HttpService`. By this name both builds of the package see one type of axios. */
export type ModuleAxios = HttpService['axiosRef'];

/**
 * The module's `HttpService`, with its own axios instance over `adapter`. Requests of the library pass
 * through it once the application has added an interceptor, a setting or an adapter.
 */
export function createHttpService(options: PusherOptions, adapter: AxiosAdapter): HttpService {
  const own = options.http.axios?.reveal() ?? {};
  const { headers, ...settings } = own;
  const forNode = FOR_NODE_ADAPTER.some((name) => settings[name] !== undefined);
  const defaults: CreateAxiosDefaults = {
    baseURL: options.endpoint.origin,
    timeout: options.timeoutMs,
    responseType: 'text',
    // The body is serialized already, and the response is parsed once, by judgeResponse.
    transformRequest: [],
    transformResponse: [],
    validateStatus: () => true,
    decompress: false,
    proxy: false,
    maxContentLength: options.http.maxResponseBytes,
    ...settings,
    // A signed request is meant for one server.
    maxRedirects: 0,
    adapter: settings.adapter ?? (forNode ? 'http' : adapter),
    headers: { ...requestHeaders(options.http).bare, ...(headers as Record<string, string>) },
  };
  // The axios of a fresh HttpService is the package itself, which makes instances.
  const instance = new HttpService().axiosRef.create(defaults);
  return unseen(new HttpService(unseen(instance, 'axios')), 'HttpService');
}

/** The same object, which neither `inspect` nor JSON shows: the defaults of axios hold `http.headers`. */
function unseen<T extends object>(target: T, name: string): T {
  const show = (): string => `[${name} of PusherModule]`;
  for (const key of [inspect.custom, 'toJSON']) Object.defineProperty(target, key, { value: show });
  return target;
}
