import { printable } from '../errors/printable.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { redact } from '../errors/redact.js';
import { whatWasGiven } from './arguments.js';
import type { PusherLimits, PusherServer, ServerRules } from './limits.js';

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

const SPACE_REMEDY = 'Remove the white space around it, for example with trim().';

/**
 * Checks the name of a channel. The grammar is the same for all servers: signatures contain
 * `<socket id>:<channel>`, and paths contain the name, so neither `:` nor `/` may be part of it.
 * @throws PusherValidationError that names the argument
 */
export function checkChannel(
  name: unknown,
  argument: string,
  limits: Readonly<PusherLimits>,
): asserts name is string {
  if (typeof name !== 'string' || name === '')
    throw new PusherValidationError(
      argument,
      `\`${argument}\` must be a channel name, a non-empty string; ${whatWasGiven(name)}.`,
    );
  checkLength(name, argument, 'maxChannelNameLength', limits);
  if (hasChannelCharacters(name)) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not a valid channel name: ${quoted(name)}. ${channelRemedy(name)}`,
  );
}

/**
 * Checks the beginning of channel names. The channels of users, which some servers list, begin with `#`.
 * @throws PusherValidationError that names the argument
 */
export function checkChannelPrefix(
  prefix: unknown,
  argument: string,
  limits: Readonly<PusherLimits>,
): asserts prefix is string {
  if (typeof prefix !== 'string')
    throw new PusherValidationError(
      argument,
      `\`${argument}\` must be a string, the start of channel names; ${whatWasGiven(prefix)}.`,
    );
  checkLength(prefix, argument, 'maxChannelNameLength', limits);
  if (/^#?[A-Za-z0-9_\-=@,.;]*$/.test(prefix)) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not the start of a valid channel name: ${quoted(prefix)}. ${prefixRemedy(prefix)}`,
  );
}

function prefixRemedy(prefix: string): string {
  if (prefix !== prefix.trim()) return SPACE_REMEDY;
  const plain = prefix.replace(/[*%{[(].*$/s, '');
  return plain !== prefix && hasChannelCharacters(plain)
    ? `It is not a pattern: write "${plain}".`
    : 'Letters, digits and _ - = @ , . ; are allowed.';
}

function channelRemedy(name: string): string {
  if (name.startsWith(USER_CHANNEL_PREFIX)) return 'Use sendToUser to reach one user.';
  if (name !== name.trim()) return SPACE_REMEDY;
  return "Letters, digits and _ - = @ , . ; are allowed. Encode an id with other characters: Buffer.from(id).toString('base64url').";
}

/**
 * Checks the name of an event.
 * @throws PusherValidationError that names the argument
 */
export function checkEventName(
  event: unknown,
  argument: string,
  rules: ServerRules,
): asserts event is string {
  if (typeof event !== 'string' || event === '')
    throw new PusherValidationError(
      argument,
      `\`${argument}\` must be the name of the event, a non-empty string; ${whatWasGiven(event)}.`,
    );
  checkLength(event, argument, 'maxEventNameLength', rules.limits);
  checkOuterSpace(event, argument);
  const reserved = reservedPrefixOf(event, rules.server);
  if (reserved !== undefined)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` starts with "${reserved}", which is reserved for the protocol. Choose another name, such as "app-${afterPrefix(event)}".`,
    );
}

/** What follows `pusher`, to suggest another name for the event. */
function afterPrefix(event: string): string {
  return /^pusher(?:_internal)?[^A-Za-z0-9]*([\w.-]{1,40})/.exec(event)?.[1] ?? 'event';
}

/**
 * Checks the id of a connection.
 * @throws PusherValidationError that names the argument
 */
export function checkSocketId(id: unknown, argument: string): asserts id is string {
  if (typeof id === 'string' && isSocketId(id)) return;
  const given = typeof id === 'string' && id !== '' ? `: ${quoted(id)}` : `; ${whatWasGiven(id)}`;
  const remedy =
    typeof id === 'string' && id !== '' && id !== id.trim()
      ? SPACE_REMEDY
      : 'It is a string that looks like "123.456"; on the client it is pusher.connection.socket_id.';
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not a valid socket id${given}. ${remedy}`,
  );
}

/**
 * Checks the length of a name or an id.
 * @throws PusherValidationError that names the argument and the limit
 */
export function checkLength(
  text: string,
  argument: string,
  limit: 'maxChannelNameLength' | 'maxEventNameLength' | 'maxUserIdLength',
  limits: Readonly<PusherLimits>,
): void {
  const most = limits[limit];
  if (text.length <= most) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` has ${text.length} characters, ${most} are allowed: ${quoted(text)}. Shorten it, or raise limits.${limit} if your server accepts longer ones.`,
  );
}

/**
 * White space around a name or an id is a mistake of copying or of a template.
 * @throws PusherValidationError that names the argument
 */
export function checkOuterSpace(text: string, argument: string): void {
  if (text === text.trim()) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not valid: ${quoted(text)}. ${SPACE_REMEDY}`,
  );
}

/**
 * A name as messages show it: shortened, as JSON, and printable, so that line breaks and control
 * characters in it cannot forge lines of a log.
 * @param maxLength how many characters are shown at most
 */
export function quoted(name: string, maxLength = 60): string {
  return printable(JSON.stringify(name.length > maxLength ? `${name.slice(0, maxLength)}…` : name));
}

/**
 * What messages say of a method, path or address: `"get" was given`, `a number was given`. Credentials
 * and signatures in it are not shown.
 */
export function quotedGiven(value: unknown): string {
  return typeof value === 'string' && value !== ''
    ? `${quoted(redact(value))} was given`
    : whatWasGiven(value);
}
