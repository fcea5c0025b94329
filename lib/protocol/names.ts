import type { PusherServer } from './limits.js';

/** Letters, digits and `_ - = @ , . ;`: what a channel name is made of (documentation, all SDKs). */
const CHANNEL_NAME = /^[A-Za-z0-9_\-=@,.;]+$/;
/** The grammar of user ids is that of channel names, since `#server-to-user-<id>` is a channel. */
const USER_ID = CHANNEL_NAME;
/** ASCII digits on both sides; `(?!\n)` is not needed, `$` without `m` is the end in JavaScript. */
const SOCKET_ID = /^[0-9]+\.[0-9]+$/;

/** The longest seen on running servers are two numbers of twenty digits. */
const MAX_SOCKET_ID_LENGTH = 64;

/** The channel on which a signed-in user receives the events of `sendToUser`. */
export const USER_CHANNEL_PREFIX = '#server-to-user-';

/** Whether the string has only characters that a channel name may have. Does not check its length. */
export function hasChannelCharacters(name: string): boolean {
  return CHANNEL_NAME.test(name);
}

/** Whether the string has only characters that a user id may have. Does not check its length. */
export function isUserId(id: string): boolean {
  return USER_ID.test(id);
}

/** Whether the string is a socket id: digits, a dot, digits. Never parsed as a number. */
export function isSocketId(id: string): boolean {
  return id.length <= MAX_SOCKET_ID_LENGTH && SOCKET_ID.test(id);
}

/**
 * How names of events of the protocol begin; clients ignore or misread others with such names. Pusher
 * reserves all of `pusher` (its response to `pusher-notification`), the other servers only these two.
 */
const RESERVED_BY_PROTOCOL = ['pusher:', 'pusher_internal:'];

/** The reserved beginning of an event name, `undefined` when the server accepts the name. */
export function reservedPrefixOf(event: string, server: PusherServer): string | undefined {
  if (!event.startsWith('pusher')) return undefined;
  const reserved = RESERVED_BY_PROTOCOL.find((prefix) => event.startsWith(prefix));
  return reserved ?? (server === 'pusher' ? 'pusher' : undefined);
}

/** The kind of a channel, which the prefix of its name decides. */
export type ChannelKind = 'public' | 'private' | 'private-encrypted' | 'presence';

/** The kind of a channel. The longest prefix wins: `private-encrypted-` is not `private-`. */
export function channelKind(name: string): ChannelKind {
  if (name.startsWith('private-encrypted-')) return 'private-encrypted';
  if (name.startsWith('private-')) return 'private';
  if (name.startsWith('presence-')) return 'presence';
  return 'public';
}

/** Whether events on the channel are encrypted end to end. */
export function isEncryptedChannel(name: string): boolean {
  return channelKind(name) === 'private-encrypted';
}

/** Whether the server keeps the last event for those who subscribe later. */
export function isCacheChannel(name: string): boolean {
  return /^(?:private-encrypted-|private-|presence-)?cache-/.test(name);
}
