import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { PusherLimits } from './limits.js';
import { USER_CHANNEL_PREFIX, hasChannelCharacters, isSocketId, isUserId } from './names.js';

/** The longest part of a wrong name that a message repeats, in characters. */
const SHOWN = 60;

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
  if (name.length > limits.maxChannelNameLength)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` has ${name.length} characters, ${limits.maxChannelNameLength} are allowed: ${quote(name)}. Shorten the name, or raise limits.maxChannelNameLength if your server takes longer ones.`,
    );
  if (hasChannelCharacters(name)) return;
  const remedy = name.startsWith(USER_CHANNEL_PREFIX)
    ? 'Use sendToUser to reach one user.'
    : 'Letters, digits and _ - = @ , . ; are allowed.';
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is no channel name: ${quote(name)}. ${remedy}`,
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
      `\`${argument}\` is no user id${typeof id === 'string' ? `: ${quote(id)}` : ''}. It must be a text of letters, digits and _ - = @ , . ; that is not empty.`,
    );
  if (id.length > limits.maxUserIdLength)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` has ${id.length} characters, ${limits.maxUserIdLength} are allowed. Use a shorter id, or raise limits.maxUserIdLength if your server takes longer ones.`,
    );
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

/** Quoted as JSON, so that line breaks and control characters cannot forge lines in a log. */
function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
