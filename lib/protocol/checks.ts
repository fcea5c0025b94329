import { printable } from '../errors/printable.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { typeName } from './arguments.js';
import type { PusherLimits, ServerRules } from './limits.js';
import {
  USER_CHANNEL_PREFIX,
  hasChannelCharacters,
  isSocketId,
  reservedPrefixOf,
} from './names.js';

/** What to do with a string that has other characters than channel names may have. */
export const ENCODING_REMEDY =
  "Encode what has other characters: Buffer.from(id).toString('base64url').";

const SPACE_REMEDY = 'It has white space around it; remove it, for example with trim().';

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
      `\`${argument}\` must be a channel name, a non-empty string; ${typeName(name)} was given.`,
    );
  checkLength(name, argument, 'maxChannelNameLength', limits);
  if (hasChannelCharacters(name)) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not a valid channel name: ${quoted(name)}. ${channelRemedy(name)}`,
  );
}

function channelRemedy(name: string): string {
  if (name.startsWith(USER_CHANNEL_PREFIX)) return 'Use sendToUser to reach one user.';
  if (name !== name.trim()) return SPACE_REMEDY;
  return `Letters, digits and _ - = @ , . ; are allowed. ${ENCODING_REMEDY}`;
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
      `\`${argument}\` must be the name of the event, a non-empty string; ${typeName(event)} was given.`,
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
  const given =
    typeof id === 'string' && id !== '' ? `: ${quoted(id)}` : `; ${typeName(id)} was given`;
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
