import axios, {
  AxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { Clock } from '../../../runtime/clock.js';
import { type HttpResponse, type SendLimits, TransportFailure } from '../http-transport.js';
import type { ConnectionPool, WireRequest } from '../undici/connection-pool.js';

/** How much time interceptors may take before it counts towards the timeout, in milliseconds. */
export const GRACE_MS = 20;

/**
 * What the adapter did with one request. It travels in the config of the request, so that the
 * transport knows what happened below the interceptors; axios passes class instances on as they are.
 */
export class AdapterReport {
  /** Whether the request was passed to the pool. */
  sent = false;
  /** Whether the pool has the request now, and takes care of its limits. */
  inPool = false;
  response?: HttpResponse;
  failure?: TransportFailure;
  readonly #limits: SendLimits;
  readonly #clock: Clock;
  readonly #startedAt: number;

  constructor(limits: SendLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
  }

  /**
   * What interceptors have left of the limits; all of it unless they were slow.
   * @param timeoutMs which an interceptor may have made shorter
   */
  remaining(timeoutMs: number): SendLimits {
    const passedMs = this.#clock.elapsed() - this.#startedAt;
    if (passedMs < GRACE_MS) return { ...this.#limits, timeoutMs };
    return {
      timeoutMs: Math.max(1, Math.min(timeoutMs, this.#limits.timeoutMs - passedMs)),
      deadlineMs: Math.max(1, this.#limits.deadlineMs - passedMs),
    };
  }
}

/** A request config with the report of its adapter. */
export interface ReportingConfig {
  pusherReport?: AdapterReport;
}

type Config = InternalAxiosRequestConfig & ReportingConfig;

/**
 * An axios adapter that sends over the pool. It neither follows redirects nor decompresses.
 * @param limits of requests that an application makes with the `HttpService` itself
 */
export function poolAdapter(pool: ConnectionPool, limits: SendLimits): AxiosAdapter {
  return async (config: Config) => {
    const report = config.pusherReport;
    try {
      const wire = wireRequest(config, pool.origin);
      if (report) report.sent = report.inPool = true;
      const response = await pool.exchange(wire, limitsOf(config, limits), signalOf(config));
      if (report) report.response = response;
      return settle(config, response);
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      if (report) report.failure = error;
      throw axiosErrorFor(error, config);
    } finally {
      if (report) report.inPool = false;
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

/** The common case costs nothing; what an interceptor changed is assembled as axios does it. */
function targetOf(config: Config, origin: string): string {
  const { url = '', baseURL, params } = config;
  if (params === undefined && baseURL === origin && url.startsWith('/')) return url;
  const full = axios.getUri(config);
  if (full.startsWith(`${origin}/`)) return full.slice(origin.length);
  throw new TransportFailure(
    'PUSHER_NOT_SENT',
    'an interceptor changed the server of the request; set http.axios.adapter to send it elsewhere',
    false,
  );
}

function headersOf({ headers }: Config): string[] {
  const flat: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    // Strings, lists and numbers are headers; axios marks removed ones with false and null.
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
    'an interceptor replaced the body with something that is neither a string nor a Buffer',
    false,
  );
}

/** An interceptor may have changed the timeout. */
function limitsOf({ timeout, pusherReport }: Config, limits: SendLimits): SendLimits {
  const timeoutMs = timeout || limits.timeoutMs;
  return pusherReport?.remaining(timeoutMs) ?? { ...limits, timeoutMs };
}

function signalOf({ signal }: Config): AbortSignal | undefined {
  return typeof signal?.addEventListener === 'function' ? (signal as AbortSignal) : undefined;
}

function settle(config: Config, { status, body, headers }: HttpResponse): AxiosResponse<string> {
  const response: AxiosResponse<string> = {
    data: body,
    status,
    statusText: '',
    headers: { ...headers },
    config,
  };
  const { validateStatus } = config;
  if (!validateStatus || validateStatus(status)) return response;
  const code = status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
  const message = `Request failed with status code ${status}`;
  throw new AxiosError(message, code, config, undefined, response);
}

/** What interceptors for errors expect; the transport itself reads the report. */
function axiosErrorFor(failure: TransportFailure, config: Config): AxiosError {
  if (config.signal?.aborted) return new CanceledError(failure.message, config);
  const code =
    failure.code === 'PUSHER_TIMEOUT'
      ? AxiosError.ETIMEDOUT
      : ((failure.cause as NodeJS.ErrnoException | undefined)?.code ?? AxiosError.ERR_NETWORK);
  return AxiosError.from(failure, code, config);
}
