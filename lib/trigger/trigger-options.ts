import type { ChannelAttribute, ChannelAttributes } from '../protocol/channel-attributes.js';

/** Event names and the payload of each: `interface ChatEvents { 'message.created': { id: string } }`. */
export type EventMap = object;

/** Any event with any payload: what a service without a map of events accepts. */
export type AnyEvents = Record<string, unknown>;

/** The names in a map of events. A map without names, as `app.get(PusherService)` has it, knows all. */
export type EventName<Events extends EventMap> = [keyof Events] extends [never]
  ? string
  : keyof Events & string;

/** What an event of that name carries. */
export type EventData<Events extends EventMap, Name> = Name extends keyof Events
  ? Events[Name]
  : unknown;

/** Settings of one trigger. */
export interface TriggerOptions {
  /** The connection that must not get the event, usually that of the user who caused it. */
  socketId?: string;
  /** What to tell of the channels in the answer. The request then counts as two messages. */
  info?: readonly ChannelAttribute[];
  /** Send as many requests as the channels need, when they are more than one may name. @default false */
  splitChannels?: boolean;
}

/** One event of a batch. */
export type BatchEvent<Events extends EventMap = AnyEvents> = {
  [Name in EventName<Events>]: {
    /** The one channel of the event. */
    channel: string;
    /** Name of the event. */
    event: Name;
    /** A text travels as it is, anything else as JSON. */
    data: EventData<Events, Name>;
    /** The connection that must not get the event. */
    socketId?: string;
    /** What to tell of the channel in the answer. */
    info?: readonly ChannelAttribute[];
  };
}[EventName<Events>];

/** The server has accepted the event. It says nothing of who received it. */
export interface TriggerResult {
  /** What was asked for with `info`, by channel. */
  channels: Record<string, ChannelAttributes>;
}

/** The server has accepted all events of the batch. */
export interface BatchResult {
  /** One entry per event, in order: what was asked for with `info`. */
  events: ChannelAttributes[];
}

/** How a trigger ended, for callers who do not want to catch. */
export type TryTriggerResult = ({ ok: true } & TriggerResult) | { ok: false; error: Error };
