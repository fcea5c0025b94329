import type { HttpAnswer } from './http-transport.js';
import type { TransportFailure } from './transport-failure.js';

/**
 * What became of one request on its way through axios. It travels with the config of the request, so
 * that the transport knows what happened below the interceptors; axios passes class instances on as
 * they are.
 */
export class AxiosTrip {
  /** Whether the adapter was asked to send. */
  sent = false;
  answer?: HttpAnswer;
  failure?: TransportFailure;
}

/** Where the trip stands in a config. */
export interface WithTrip {
  pusherTrip?: AxiosTrip;
}
