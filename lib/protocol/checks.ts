import { printable } from '../errors/printable.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { PusherLimits } from './limits.js';
import { USER_CHANNEL_PREFIX, hasChannelCharacters, isSocketId, isUserId } from './names.js';

/**
 * Checks the name of a channel.
 * @throws PusherValidationError that names the argument
 */
export function checkChannel(
  name: unknown,
  argument: string,
  limits: PusherLimits,
): asserts name is string {
  if (typeof name !== 'string' || name === '')
    throw new PusherValidationError(
      argument,
      `\`${argument}\` must be a channel name, a non-empty string.`,
    );
  checkLength(name, argument, 'maxChannelNameLength', limits);
  if (hasChannelCharacters(name)) return;
  const remedy = name.startsWith(USER_CHANNEL_PREFIX)
    ? 'Use sendToUser to reach one user.'
    : 'Letters, digits and _ - = @ , . ; are allowed.';
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not a valid channel name: ${quoted(name)}. ${remedy}`,
  );
}

/**
 * Checks the id of a user.
 * @throws PusherValidationError that names the argument
 */
export function checkUserId(
  id: unknown,
  argument: string,
  limits: PusherLimits,
): asserts id is string {
  if (typeof id !== 'string' || !isUserId(id))
    throw new PusherValidationError(
      argument,
      `\`${argument}\` is not a valid user id${typeof id === 'string' ? `: ${quoted(id)}` : ''}. It must be a non-empty string of letters, digits and _ - = @ , . ;.`,
    );
  checkLength(id, argument, 'maxUserIdLength', limits);
}

/**
 * Checks the id of a connection.
 * @throws PusherValidationError that names the argument
 */
export function checkSocketId(id: unknown, argument: string): asserts id is string {
  if (typeof id === 'string' && isSocketId(id)) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not a valid socket id. It looks like "123.456"; on the client it is pusher.connection.socket_id.`,
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
  limits: PusherLimits,
): void {
  const most = limits[limit];
  if (text.length <= most) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` has ${text.length} characters, ${most} are allowed: ${quoted(text)}. Shorten it, or raise limits.${limit} if your server accepts longer ones.`,
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
