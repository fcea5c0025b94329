import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import { isAxiosError } from 'axios';
import { failureOfAdapter, failureOfInterceptor } from './axios-failures.js';
import { AxiosTrip, GRACE_MS, type WithTrip } from './axios-trip.js';
import type { ModuleAxios } from './http-service.js';
import {
  type ResponseHeaders,
  type HttpResponse,
  HttpTransport,
  type SignedRequest,
} from '../http-transport.js';
import { TransportFailure } from '../transport-failure.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** What the way through axios is made of. */
export interface AxiosTransportParts {
  readonly instance: ModuleAxios;
  /** The adapter over our own connections; the application may have put another in its place. */
  readonly adapter: AxiosAdapter;
  /** Ends our own connections. */
  readonly end: () => Promise<void>;
}

/** The way through the axios instance of the module, with the application's interceptors and settings. */
export class AxiosTransport extends HttpTransport {
  readonly #parts: AxiosTransportParts;

  constructor(parts: AxiosTransportParts) {
    super();
    this.#parts = parts;
  }

  async send({ method, target, body }: SignedRequest, timeoutMs: number): Promise<HttpResponse> {
    const { defaults } = this.#parts.instance;
    const withinMs = Math.min(timeoutMs, defaults.timeout || Infinity);
    const trip = new AxiosTrip(withinMs);
    const config: AxiosRequestConfig & WithTrip = {
      method,
      url: target,
      timeout: withinMs,
      pusherTrip: trip,
    };
    if (body !== undefined) {
      config.data = body;
      config.headers = JSON_BODY;
    }
    const own = defaults.adapter === this.#parts.adapter;
    try {
      return answerFrom(await this.#request(config, withinMs, own), trip);
    } catch (error) {
      if (isAxiosError(error) && error.response) return answerFrom(error.response, trip);
      if (error instanceof TransportFailure) throw error;
      if (trip.failure) throw trip.failure;
      throw isAxiosError(error)
        ? failureOfAdapter(error)
        : failureOfInterceptor(error, !own || trip.sent);
    }
  }

  destroy(): Promise<void> {
    return this.#parts.end();
  }

  /** Interceptors and adapters of an application may never come back; the caller gets its answer. */
  async #request(config: AxiosRequestConfig, timeoutMs: number, own: boolean): Promise<unknown> {
    const stop = own ? undefined : new AbortController();
    if (stop) config.signal = stop.signal;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => {
          const message = `no complete answer within ${timeoutMs} ms (an interceptor or adapter of the application has it)`;
          reject(new TransportFailure('PUSHER_TIMEOUT', message, true));
          stop?.abort();
          // Our adapter gives up a little earlier, and knows more to say.
        },
        timeoutMs + 2 * GRACE_MS,
      );
    });
    try {
      // Not HttpService.request(): its Observable makes a cancel token for every request.
      return await Promise.race([this.#parts.instance.request<unknown>(config), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function answerFrom(response: unknown, trip: AxiosTrip): HttpResponse {
  const { status, data, headers } = (response ?? {}) as {
    status?: unknown;
    data?: unknown;
    headers?: ResponseHeaders;
  };
  if (typeof status !== 'number')
    throw new TransportFailure(
      'PUSHER_CONNECTION_FAILED',
      'an interceptor of the application gave something that is not a response; return the response it was given',
      true,
    );
  const answer = { status, headers: headers ?? {}, body: textOf(data) };
  return trip.answer?.truncated ? { ...answer, truncated: true } : answer;
}

/** Interceptors and transformers may have parsed it. */
function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return data === undefined || data === null ? '' : JSON.stringify(data);
}
