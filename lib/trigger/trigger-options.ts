import type { ChannelAttribute, ChannelAttributes } from '../protocol/channel-attributes.js';

/** Event names and the payload of each: `interface ChatEvents { 'message.created': { id: string } }`. */
export type EventMap = object;

/** Any event with any payload: what a service without an event map accepts. */
export type AnyEvents = Record<string, unknown>;

/** The event names of a map; any string for a map without names, such as that of `app.get(PusherService)`. */
export type EventName<Events extends EventMap> = [keyof Events] extends [never]
  ? string
  : keyof Events & string;

/** The payload of the event with that name. */
export type EventData<Events extends EventMap, Name> = Name extends keyof Events
  ? Events[Name]
  : unknown;

/** Settings of one trigger. */
export interface TriggerOptions {
  /** The connection that must not receive the event, usually that of the user who caused it. */
  socketId?: string | undefined;
  /**
   * Leave out the connection whose request is being handled; needs `socketIdHeader` of the module. It
   * leaves out nobody when the request names no connection. `socketId` wins. @default false
   */
  toOthers?: boolean | undefined;
  /** Attributes of the channels to return in the result. The request then counts as two messages. */
  info?: readonly ChannelAttribute[] | undefined;
  /** Whether to send several requests when one cannot have that many channels. @default false */
  splitChannels?: boolean | undefined;
}

/** Settings of one `emit`. */
export type EmitOptions = Omit<TriggerOptions, 'info'>;

/** One event of a batch. */
export type BatchEvent<Events extends EventMap = AnyEvents> = {
  [Name in EventName<Events>]: {
    /** The one channel of the event. */
    channel: string;
    /** Name of the event. */
    event: Name;
    /** A string is sent as it is, anything else as JSON. */
    data: EventData<Events, Name>;
    /** The connection that must not receive the event. */
    socketId?: string | undefined;
    /** Attributes of the channel to return in the result. */
    info?: readonly ChannelAttribute[] | undefined;
  };
}[EventName<Events>];

/** The result of a trigger that the server has accepted. It does not say who received the event. */
export interface TriggerResult {
  /** The attributes that `info` requested, by channel. */
  channels: Record<string, ChannelAttributes>;
}

/** The result of a batch of which the server has accepted all events. */
export interface BatchResult {
  /** One entry per event, in order: the attributes that its `info` requested. */
  events: ChannelAttributes[];
}

/** The result of `tryTrigger`: that of `trigger`, or the error that it would have rejected with. */
export type TryTriggerResult = ({ ok: true } & TriggerResult) | { ok: false; error: Error };
