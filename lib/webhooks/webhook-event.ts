import type { EventSchemas, OutputOf } from '../events/define-events.js';

/** The first subscriber joined a channel. */
export interface ChannelOccupiedEvent {
  readonly name: 'channel_occupied';
  readonly channel: string;
}

/** The last subscriber left a channel. Pusher waits up to three seconds before it sends this. */
export interface ChannelVacatedEvent {
  readonly name: 'channel_vacated';
  readonly channel: string;
}

/** A user joined a presence channel, with the first of their connections. */
export interface MemberAddedEvent {
  readonly name: 'member_added';
  readonly channel: string;
  /** Id of the user. */
  readonly userId: string;
}

/** A user left a presence channel, with the last of their connections. */
export interface MemberRemovedEvent {
  readonly name: 'member_removed';
  readonly channel: string;
  /** Id of the user. */
  readonly userId: string;
}

/** A client sent an event to the others on its channel. */
export interface ClientEvent<Name extends string = string, Data = unknown> {
  readonly name: 'client_event';
  readonly channel: string;
  /** Name that the client gave the event; it starts with `client-`. */
  readonly event: Name;
  /**
   * What the client sent: parsed when it is JSON, the string itself when it is not. On a
   * `private-encrypted-` channel it is decrypted first when the app has a master key, and
   * `undefined` when that fails: data that nobody encrypted is never passed on as if it had been.
   * With client events in `events` of the module, it is the output of the schema of its event.
   */
  readonly data: Data;
  /** `data` as it was sent. Pusher sends a string; soketi and sockudo send any JSON value. */
  readonly rawData: unknown;
  /** Connection of the sender. */
  readonly socketId: string;
  /** The sender, on presence channels. */
  readonly userId?: string;
}

/**
 * The client events that a list declares, discriminated by `event`; any client event when it declares
 * none. `ClientEventOf<typeof events>`, where `events` is also given to `PusherModule.forRoot()`.
 */
export type ClientEventOf<Events extends EventSchemas> = string extends keyof Events
  ? ClientEvent
  : [ClientEventName<Events>] extends [never]
    ? ClientEvent
    : {
        [Name in ClientEventName<Events>]: ClientEvent<Name, OutputOf<Events[Name]>>;
      }[ClientEventName<Events>];

/** The names in a list that clients may send. */
type ClientEventName<Events> = keyof Events & `client-${string}`;

/** Somebody subscribed to a cache channel that had nothing cached. */
export interface CacheMissEvent {
  readonly name: 'cache_miss';
  readonly channel: string;
}

/** The number of connections subscribed to a channel changed. */
export interface SubscriptionCountEvent {
  readonly name: 'subscription_count';
  readonly channel: string;
  /** The number of connections now. */
  readonly subscriptionCount: number;
}

/** The known events by name: the single place to add one. */
export interface WebhookEvents<Events extends EventSchemas = EventSchemas> {
  channel_occupied: ChannelOccupiedEvent;
  channel_vacated: ChannelVacatedEvent;
  member_added: MemberAddedEvent;
  member_removed: MemberRemovedEvent;
  client_event: ClientEventOf<Events>;
  cache_miss: CacheMissEvent;
  subscription_count: SubscriptionCountEvent;
}

/** Name of a known event. */
export type WebhookEventName = keyof WebhookEvents;

/** Any known event, discriminated by `name`. */
export type WebhookEvent<Events extends EventSchemas = EventSchemas> =
  WebhookEvents<Events>[WebhookEventName];

/**
 * An event of a type that this version does not know, or of a known one that is not what its type
 * promises, with all the fields it was sent with.
 */
export interface UnknownWebhookEvent {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Any event that a webhook may hold. */
export type AnyWebhookEvent = WebhookEvent | UnknownWebhookEvent;

const NAMES: Readonly<Record<WebhookEventName, true>> = {
  channel_occupied: true,
  channel_vacated: true,
  member_added: true,
  member_removed: true,
  client_event: true,
  cache_miss: true,
  subscription_count: true,
};

/** The names of all known events. */
export const WEBHOOK_EVENT_NAMES = Object.keys(NAMES) as readonly WebhookEventName[];

/** Whether it is the name of a known event. */
export function isWebhookEventName(name: string): name is WebhookEventName {
  return Object.hasOwn(NAMES, name);
}
