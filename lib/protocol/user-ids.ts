import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { isRecord, whatWasGiven } from './arguments.js';
import type { PusherServer, ServerRules } from './limits.js';
import { USER_CHANNEL_PREFIX, isUserId, checkLength, checkOuterSpace, quoted } from './names.js';

/** Id of a user as callers write it. Whole numbers are sent as their decimal string. */
export type UserId = string | number | bigint;

/**
 * How a server receives user ids in a path. Pusher has a grammar for them; sockudo and Reverb decode
 * the path; soketi compares it as it was sent (seen on running servers, Reverb in its source).
 */
const IN_PATHS: Readonly<Record<PusherServer, 'grammar' | 'encoded' | 'unchanged'>> = {
  pusher: 'grammar',
  soketi: 'unchanged',
  sockudo: 'encoded',
  reverb: 'encoded',
};

/**
 * What a segment of a path may contain without being percent-encoded, and `|`, which all clients
 * send as it is.
 */
const PLAIN_SEGMENT = /^[A-Za-z0-9\-._~!$&'()*+,;=:@|]+$/;

const GRAMMAR =
  "Letters, digits and _ - = @ , . ; are allowed. Encode other ids, everywhere in the same way: Buffer.from(id).toString('base64url').";

/**
 * The id of a presence member as a string. Servers accept any.
 * @throws PusherValidationError that names the argument
 */
export function memberId(id: unknown, argument: string, { limits }: ServerRules): string {
  const text = idString(id, argument);
  checkOuterSpace(text, argument);
  checkLength(text, argument, 'maxUserIdLength', limits);
  return text;
}

/**
 * The id of a user who signs in, or whom another user watches, as a string. Pusher refuses ids
 * outside its grammar; soketi and sockudo accept any.
 * @throws PusherValidationError that names the argument
 */
export function signInId(id: unknown, argument: string, rules: ServerRules): string {
  const text = memberId(id, argument, rules);
  if (rules.server === 'pusher') checkGrammar(text, argument);
  return text;
}

/**
 * The id of a user to send an event to, as a string. It becomes part of a channel name.
 * @throws PusherValidationError that names the argument
 */
export function receiverId(id: unknown, argument: string, rules: ServerRules): string {
  const text = memberId(id, argument, rules);
  checkGrammar(text, argument);
  const most = rules.limits.maxChannelNameLength - USER_CHANNEL_PREFIX.length;
  if (text.length > most)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` has ${text.length} characters, ${most} are allowed: ${quoted(text)}. The event goes to the channel ${USER_CHANNEL_PREFIX}<id>, whose name has at most ${rules.limits.maxChannelNameLength}. Shorten it.`,
    );
  return text;
}

/**
 * The id of a user as a segment of a path.
 * @throws PusherValidationError that names the argument
 */
export function userPathSegment(id: unknown, argument: string, rules: ServerRules): string {
  const text = memberId(id, argument, rules);
  const form = IN_PATHS[rules.server];
  if (form === 'grammar') checkGrammar(text, argument);
  // HTTP clients resolve these, encoded or not; half of a surrogate pair has no encoding.
  const canBeSent = text !== '.' && text !== '..' && !/\p{Cs}/u.test(text);
  if (canBeSent && (isUserId(text) || (form === 'unchanged' && PLAIN_SEGMENT.test(text))))
    return text;
  if (canBeSent && form === 'encoded') return encodeURIComponent(text);
  throw new PusherValidationError(
    argument,
    `\`${argument}\` cannot be part of a URL on ${rules.server}: ${quoted(text)}. ${GRAMMAR}`,
  );
}

function checkGrammar(id: string, argument: string): void {
  if (isUserId(id)) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` is not a valid user id: ${quoted(id)}. ${GRAMMAR}`,
  );
}

function idString(id: unknown, argument: string): string {
  if (typeof id === 'string' && id !== '') return id;
  if (typeof id === 'bigint' || Number.isSafeInteger(id)) return String(id);
  throw new PusherValidationError(
    argument,
    `\`${argument}\` must be the id of a user, a non-empty string or a whole number; ${given(id)}.${remedy(id)}`,
  );
}

function given(id: unknown): string {
  return typeof id === 'number' ? `${id} was given` : whatWasGiven(id);
}

function remedy(id: unknown): string {
  if (typeof id === 'number' && Number.isFinite(id)) return ' Pass a string: String(id).';
  if (Array.isArray(id)) return ' Pass one id at a time.';
  return isRecord(id) ? ' Pass a string, such as String(id).' : '';
}
