import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { PusherLimits } from './limits.js';
import { USER_CHANNEL_PREFIX, hasChannelCharacters, isSocketId, isUserId } from './names.js';
import { quoted } from './quoted.js';

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
      `\`${argument}\` must be the name of a channel, a text that is not empty.`,
    );
  checkLength(name, argument, 'maxChannelNameLength', limits);
  if (hasChannelCharacters(name)) return;
  const remedy = name.startsWith(USER_CHANNEL_PREFIX)
    ? 'Use sendToUser to reach one user.'
    : 'Letters, digits and _ - = @ , . ; are allowed.';
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is no channel name: ${quoted(name)}. ${remedy}`,
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
      `\`${argument}\` is no user id${typeof id === 'string' ? `: ${quoted(id)}` : ''}. It must be a text of letters, digits and _ - = @ , . ; that is not empty.`,
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
    `\`${argument}\` is no socket id. It looks like "123.456"; the client has it in pusher.connection.socket_id.`,
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
    `\`${argument}\` has ${text.length} characters, ${most} are allowed: ${quoted(text)}. Shorten it, or raise limits.${limit} if your server takes longer ones.`,
  );
}
