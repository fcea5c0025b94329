import type { PusherOptions } from '../../options/pusher-options.js';
import { HttpTransport, TransportFailure } from './http-transport.js';

/** The transport of an app that sends nothing: `delivery: 'log' | 'off'`. */
export class NoTransport extends HttpTransport {
  constructor(private readonly delivery: PusherOptions['delivery']) {
    super();
  }

  async send(): Promise<never> {
    const reason = `nothing is sent, because delivery is '${this.delivery}'; leave that option out`;
    throw new TransportFailure('PUSHER_NOT_SENT', reason, false);
  }

  async destroy(): Promise<void> {}
}
