import type { EventPublisher } from './batching/event-publisher.js';
import type { Api } from './http/api.js';
import type { PusherOptions } from './options/pusher-options.js';
import type { Chance } from './runtime/chance.js';
import type { Clock } from './runtime/clock.js';

/** What a service is built from. The module provides it; tests give ports of their own. */
export interface PusherServicePorts {
  readonly options: PusherOptions;
  readonly api: Api;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly chance: Chance;
}
