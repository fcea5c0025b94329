import axios, {
  AxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { WithTrip } from './axios-trip.js';
import type { ConnectionPool, WireRequest } from '../undici/connection-pool.js';
import type { HttpResponse } from '../http-transport.js';
import { TransportFailure } from '../transport-failure.js';

type Config = InternalAxiosRequestConfig & WithTrip;

/** An axios adapter that sends over the pool. It follows no redirect and unpacks nothing. */
export function poolAdapter(pool: ConnectionPool): AxiosAdapter {
  return async (config: Config) => {
    const trip = config.pusherTrip;
    try {
      const wire = wireRequest(config, pool.origin);
      if (trip) trip.sent = true;
      const answer = await pool.exchange(wire, timeoutOf(config), signalOf(config));
      if (trip) trip.answer = answer;
      return settle(config, answer);
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      if (trip) trip.failure = error;
      throw axiosErrorFor(error, config);
    }
  };
}

function wireRequest(config: Config, origin: string): WireRequest {
  return {
    method: (config.method ?? 'get').toUpperCase(),
    target: targetOf(config, origin),
    headers: headersOf(config),
    body: bodyOf(config.data),
  };
}

/** The common case costs nothing; what an interceptor changed is put together as axios does it. */
function targetOf(config: Config, origin: string): string {
  const { url = '', baseURL, params } = config;
  if (params === undefined && baseURL === origin && url.startsWith('/')) return url;
  const full = axios.getUri(config);
  if (full.startsWith(`${origin}/`)) return full.slice(origin.length);
  throw new TransportFailure(
    'PUSHER_NOT_SENT',
    'an interceptor turned the request to another server; set http.axios.adapter to send it elsewhere',
    false,
  );
}

function headersOf({ headers }: Config): string[] {
  const flat: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    // Texts, lists and numbers are headers; axios marks removed ones with false and null.
    if (value === undefined || value === null || value === false) continue;
    for (const single of Array.isArray(value) ? value : [value])
      flat.push(name.toLowerCase(), String(single));
  }
  return flat;
}

function bodyOf(data: unknown): Buffer | undefined {
  if (data === undefined || data === null || Buffer.isBuffer(data)) return data ?? undefined;
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  throw new TransportFailure(
    'PUSHER_NOT_SENT',
    'an interceptor replaced the body with something that is neither text nor a Buffer',
    false,
  );
}

/** An interceptor may have made it shorter. */
function timeoutOf({ timeout, pusherTrip }: Config): number | undefined {
  return timeout && pusherTrip ? pusherTrip.withinMs(timeout) : timeout || undefined;
}

function signalOf({ signal }: Config): AbortSignal | undefined {
  return typeof signal?.addEventListener === 'function' ? (signal as AbortSignal) : undefined;
}

function settle(config: Config, answer: HttpResponse): AxiosResponse<string> {
  const response: AxiosResponse<string> = {
    data: answer.body,
    status: answer.status,
    statusText: '',
    headers: { ...answer.headers },
    config,
  };
  const { validateStatus } = config;
  if (!validateStatus || validateStatus(answer.status)) return response;
  const code = answer.status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
  const message = `Request failed with status code ${answer.status}`;
  throw new AxiosError(message, code, config, undefined, response);
}

/** What interceptors for errors expect; the transport itself looks at the trip. */
function axiosErrorFor(failure: TransportFailure, config: Config): AxiosError {
  if (config.signal?.aborted) return new CanceledError(failure.message, config);
  const code =
    failure.code === 'PUSHER_TIMEOUT'
      ? AxiosError.ETIMEDOUT
      : ((failure.cause as NodeJS.ErrnoException | undefined)?.code ?? AxiosError.ERR_NETWORK);
  return AxiosError.from(failure, code, config);
}
