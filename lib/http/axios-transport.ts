import { type AxiosInstance, type AxiosRequestConfig, isAxiosError } from 'axios';
import { AxiosTrip, type WithTrip } from './axios-trip.js';
import {
  type AnswerHeaders,
  type HttpAnswer,
  HttpTransport,
  type SignedRequest,
} from './http-transport.js';
import { TransportFailure } from './transport-failure.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** The way through the axios instance of the module, with the application's interceptors and settings. */
export class AxiosTransport extends HttpTransport {
  readonly #ownAdapter: unknown;

  /** @param instance as it was created, before the application could change it */
  constructor(
    private readonly instance: AxiosInstance,
    private readonly end: () => Promise<void>,
  ) {
    super();
    this.#ownAdapter = instance.defaults.adapter;
  }

  async send({ method, target, body }: SignedRequest, timeoutMs: number): Promise<HttpAnswer> {
    const trip = new AxiosTrip();
    const config: AxiosRequestConfig & WithTrip = {
      method,
      url: target,
      timeout: Math.min(timeoutMs, this.instance.defaults.timeout || Infinity),
      pusherTrip: trip,
    };
    if (body !== undefined) {
      config.data = body;
      config.headers = JSON_BODY;
    }
    try {
      // Not HttpService.request(): its Observable makes a cancel token for every request.
      return answerFrom(await this.instance.request<unknown>(config), trip);
    } catch (error) {
      if (isAxiosError(error) && error.response) return answerFrom(error.response, trip);
      throw trip.failure ?? this.#failureFor(error, trip);
    }
  }

  destroy(): Promise<void> {
    return this.end();
  }

  #failureFor(error: unknown, trip: AxiosTrip): TransportFailure {
    if (error instanceof TransportFailure) return error;
    if (isAxiosError(error)) return adapterFailure(error);
    const notSent =
      !trip.sent &&
      this.instance.defaults.adapter === this.#ownAdapter &&
      typeof this.#ownAdapter === 'function';
    return notSent
      ? new TransportFailure(
          'PUSHER_NOT_SENT',
          'an interceptor of the application threw before it was sent',
          false,
          error,
        )
      : new TransportFailure(
          'PUSHER_CONNECTION_FAILED',
          'an interceptor or adapter of the application threw',
          true,
          error,
        );
  }
}

/** Codes of axios and Node with which nothing can have reached the server. */
const UNSENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ERR_INVALID_URL|ERR_BAD_OPTION)/;
const TIMED_OUT = /^(?:ECONNABORTED|ETIMEDOUT)$/;

/** For adapters that are not ours. */
function adapterFailure(error: { code?: string; message: string }): TransportFailure {
  const code = error.code ?? '';
  if (TIMED_OUT.test(code))
    return new TransportFailure('PUSHER_TIMEOUT', error.message, true, error);
  return new TransportFailure('PUSHER_CONNECTION_FAILED', error.message, !UNSENT.test(code), error);
}

function answerFrom(response: unknown, trip: AxiosTrip): HttpAnswer {
  const { status, data, headers } = (response ?? {}) as {
    status?: unknown;
    data?: unknown;
    headers?: AnswerHeaders;
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
