import { meantName, typeName, whatWasGiven } from './arguments.js';
import { quoted } from './names.js';

/** What can be requested about a channel, in queries and with a trigger. */
export type ChannelAttribute = 'userCount' | 'subscriptionCount' | 'cache';

/** The last event of a cache channel. */
export interface CachedEvent {
  /** The data as it was triggered. */
  data: string;
  /** Seconds until the server removes it. */
  ttl?: number;
}

/**
 * What a server reports about a channel. All of it is optional, because servers support different
 * attributes.
 */
export interface ChannelAttributes {
  /** Distinct users on a presence channel. */
  userCount?: number;
  /** Connections subscribed to the channel. */
  subscriptionCount?: number;
  /** The cached event, `null` when there is none. */
  cache?: CachedEvent | null;
}

/** The response to a query for one channel. */
export interface ChannelState extends ChannelAttributes {
  /** Whether anybody is subscribed. */
  occupied: boolean;
}

const ON_THE_WIRE: Readonly<Record<ChannelAttribute, string>> = {
  userCount: 'user_count',
  subscriptionCount: 'subscription_count',
  cache: 'cache',
};

/** Whether the value names an attribute. */
export function isChannelAttribute(value: unknown): value is ChannelAttribute {
  return typeof value === 'string' && Object.hasOwn(ON_THE_WIRE, value);
}

/** What is wrong with a list of attributes, as the end of a sentence; empty for a list of known ones. */
export function attributeFault(info: unknown): string {
  if (!Array.isArray(info)) return `; ${whatWasGiven(info)}`;
  const unknown: unknown = info.find((name) => !isChannelAttribute(name));
  if (typeof unknown !== 'string')
    return unknown === undefined ? '' : `; it has ${typeName(unknown)}`;
  const meant = meantName(unknown, Object.keys(ON_THE_WIRE));
  return `; it has ${quoted(unknown)}${meant === undefined ? '' : ` (use '${meant}')`}`;
}

/** The attributes as the value of the `info` parameter. */
export function infoParameter(attributes: readonly ChannelAttribute[]): string {
  return attributes.map((attribute) => ON_THE_WIRE[attribute]).join(',');
}
