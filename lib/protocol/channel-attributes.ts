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

/** Whether the value is a list of names of attributes. */
export function areChannelAttributes(value: unknown): value is readonly ChannelAttribute[] {
  // Copied, because `every` skips the holes of a list.
  return Array.isArray(value) && Array.from<unknown>(value).every(isChannelAttribute);
}

/** What is wrong with a list of attributes, as the end of a sentence; empty for a list of known ones. */
export function attributeFault(info: unknown): string {
  if (!Array.isArray(info)) return `; ${whatWasGiven(info)}`;
  const names = Array.from<unknown>(info);
  const at = names.findIndex((each) => !isChannelAttribute(each));
  if (at === -1) return '';
  const name = names[at];
  if (typeof name !== 'string') return `; it has ${typeName(name)}`;
  const meant = meantName(name, Object.keys(ON_THE_WIRE));
  return `; it has ${quoted(name)}${meant === undefined ? '' : ` (use '${meant}')`}`;
}

/** The attributes as the value of the `info` parameter, each once. */
export function infoParameter(attributes: readonly ChannelAttribute[]): string {
  return Array.from(new Set(attributes), (attribute) => ON_THE_WIRE[attribute]).join(',');
}
