import type { AxiosAdapter, AxiosError, AxiosRequestConfig } from 'axios';
import { isAxiosError } from 'axios';
import { isInstance } from '../../../errors/safe-cause.js';
import type { Clock } from '../../../runtime/clock.js';
import { withDeadline } from '../../../runtime/deadline.js';
import {
  type HttpResponse,
  HttpTransport,
  type ResponseHeaders,
  type SendLimits,
  type SignedRequest,
  TransportFailure,
} from '../http-transport.js';
import type { ConnectionPool } from '../undici/connection-pool.js';
import type { ModuleAxios } from './http-service.js';
import { AdapterReport, GRACE_MS, type ReportingConfig } from './pool-adapter.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** What requests go through. */
export interface AxiosTransportParts {
  readonly instance: ModuleAxios;
  /** The adapter over the pool; the application may have set another one. */
  readonly adapter: AxiosAdapter;
  readonly pool: ConnectionPool;
  readonly clock: Clock;
}

/** Sends through the axios instance of the module, with the application's interceptors and settings. */
export class AxiosTransport extends HttpTransport {
  readonly #parts: AxiosTransportParts;

  constructor(parts: AxiosTransportParts) {
    super();
    this.#parts = parts;
  }

  async send(
    { method, target, body }: SignedRequest,
    { timeoutMs: givenMs, deadlineMs }: SendLimits,
  ): Promise<HttpResponse> {
    const { instance, adapter, clock } = this.#parts;
    const timeoutMs = Math.min(givenMs, instance.defaults.timeout || Infinity);
    const report = new AdapterReport({ timeoutMs, deadlineMs }, clock);
    const config: AxiosRequestConfig & ReportingConfig = {
      method,
      url: target,
      timeout: timeoutMs,
      pusherReport: report,
    };
    if (body !== undefined) {
      config.data = body;
      config.headers = JSON_BODY;
    }
    const isOurs = instance.defaults.adapter === adapter;
    try {
      return responseFrom(await this.#request(config, timeoutMs, isOurs, report), report);
    } catch (error) {
      if (isInstance(error, TransportFailure)) throw error;
      const ofAxios = axiosErrorIn(error);
      if (ofAxios?.response) return responseFrom(ofAxios.response, report);
      if (report.failure) throw report.failure;
      throw ofAxios === undefined
        ? failureOfInterceptor(error, !isOurs || report.sent)
        : failureOfAdapter(ofAxios);
    }
  }

  destroy(): Promise<void> {
    return this.#parts.pool.destroy();
  }

  /** Interceptors and adapters of an application may never come back; the caller is not kept waiting. */
  async #request(
    config: AxiosRequestConfig,
    timeoutMs: number,
    isOurs: boolean,
    report: AdapterReport,
  ): Promise<unknown> {
    const abort = isOurs ? undefined : new AbortController();
    if (abort) config.signal = abort.signal;
    // Not HttpService.request(): its Observable makes a cancel token for every request.
    const response = this.#parts.instance.request<unknown>(config);
    for (;;) {
      let late: TransportFailure | undefined;
      try {
        return await withDeadline(response, {
          // Our adapter gives up a little earlier, and knows more about it.
          timeoutMs: timeoutMs + 2 * GRACE_MS,
          clock: this.#parts.clock,
          reason: () => (late = stillOutside(timeoutMs)),
        });
      } catch (error) {
        if (error !== late) throw error;
        // The wait for a connection has no part in the timeout, and ends by itself.
        if (report.inPool) continue;
        abort?.abort();
        throw error;
      }
    }
  }
}

function stillOutside(timeoutMs: number): TransportFailure {
  return new TransportFailure(
    'PUSHER_TIMEOUT',
    `no complete response within ${Math.ceil(timeoutMs)} ms (still in an interceptor or adapter of the application)`,
    true,
  );
}

/** What an interceptor throws may be anything, even something that throws when it is read. */
function axiosErrorIn(error: unknown): AxiosError | undefined {
  try {
    return isAxiosError(error) ? error : undefined;
  } catch {
    return undefined;
  }
}

function responseFrom(given: unknown, report: AdapterReport): HttpResponse {
  const { status, data, headers } = (given ?? {}) as {
    status?: unknown;
    data?: unknown;
    headers?: ResponseHeaders;
  };
  if (typeof status !== 'number')
    throw new TransportFailure(
      'PUSHER_CONNECTION_FAILED',
      'an interceptor of the application returned something that is not a response; return the response that it received',
      true,
    );
  const response = { status, headers: headers ?? {}, body: bodyFrom(data) };
  return report.response?.truncated ? { ...response, truncated: true } : response;
}

/** Interceptors and transformers may have parsed it. */
function bodyFrom(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return data === undefined || data === null ? '' : JSON.stringify(data);
}

/** Codes of axios and Node with which nothing can have reached the server. */
const UNSENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ERR_INVALID_URL|ERR_BAD_OPTION)/;
const TIMED_OUT = /^(?:ECONNABORTED|ETIMEDOUT)$/;

/** For an axios error that is not from our adapter. */
function failureOfAdapter(error: { code?: string; message: string }): TransportFailure {
  const { code = '', message } = error;
  return TIMED_OUT.test(code)
    ? new TransportFailure('PUSHER_TIMEOUT', message, true, error)
    : new TransportFailure('PUSHER_CONNECTION_FAILED', message, !UNSENT.test(code), error);
}

/** For anything else that was thrown on the way through axios. */
function failureOfInterceptor(error: unknown, maybeSent: boolean): TransportFailure {
  return maybeSent
    ? new TransportFailure(
        'PUSHER_CONNECTION_FAILED',
        'an interceptor or adapter of the application threw an error',
        true,
        error,
      )
    : new TransportFailure(
        'PUSHER_NOT_SENT',
        'an interceptor of the application threw an error before the request was sent',
        false,
        error,
      );
}
