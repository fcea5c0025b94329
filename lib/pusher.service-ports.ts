import type { EventPublisher } from './publishing/event-publisher.js';
import type { Api } from './http/api.js';
import type { PusherOptions } from './options/pusher-options.js';
import type { RandomSource } from './runtime/random.js';
import type { Clock } from './runtime/clock.js';

/** What a service is built from. The module provides it; tests give ports of their own. */
export interface PusherServicePorts {
  readonly options: PusherOptions;
  readonly api: Api;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly random: RandomSource;
}
