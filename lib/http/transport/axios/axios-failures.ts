import { TransportFailure } from '../transport-failure.js';

/** Codes of axios and Node with which nothing can have reached the server. */
const UNSENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ERR_INVALID_URL|ERR_BAD_OPTION)/;
const TIMED_OUT = /^(?:ECONNABORTED|ETIMEDOUT)$/;

/** For an axios error that is not from our adapter. */
export function failureOfAdapter(error: { code?: string; message: string }): TransportFailure {
  const { code = '', message } = error;
  return TIMED_OUT.test(code)
    ? new TransportFailure('PUSHER_TIMEOUT', message, true, error)
    : new TransportFailure('PUSHER_CONNECTION_FAILED', message, !UNSENT.test(code), error);
}

/** For anything else that was thrown on the way through axios. */
export function failureOfInterceptor(error: unknown, maybeSent: boolean): TransportFailure {
  return maybeSent
    ? new TransportFailure(
        'PUSHER_CONNECTION_FAILED',
        'an interceptor or adapter of the application threw',
        true,
        error,
      )
    : new TransportFailure(
        'PUSHER_NOT_SENT',
        'an interceptor of the application threw before it was sent',
        false,
        error,
      );
}
