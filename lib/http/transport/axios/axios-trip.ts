import type { HttpResponse } from '../http-transport.js';
import type { TransportFailure } from '../transport-failure.js';

/** What interceptors may take without its being taken off the time, in milliseconds. */
export const GRACE_MS = 20;

/**
 * What became of one request on its way through axios. It travels with the config of the request, so
 * that the transport knows what happened below the interceptors; axios passes class instances on as
 * they are.
 */
export class AxiosTrip {
  /** Whether the adapter was asked to send. */
  sent = false;
  answer?: HttpResponse;
  failure?: TransportFailure;
  readonly #endsAt: number;

  constructor(timeoutMs: number) {
    this.#endsAt = performance.now() + timeoutMs;
  }

  /** What interceptors have left of the time, in milliseconds; all of it unless they were slow. */
  withinMs(timeoutMs: number): number {
    const leftMs = this.#endsAt - performance.now();
    return leftMs < timeoutMs - GRACE_MS ? Math.max(1, Math.ceil(leftMs)) : timeoutMs;
  }
}

/** Where the trip stands in a config. */
export interface WithTrip {
  pusherTrip?: AxiosTrip;
}
