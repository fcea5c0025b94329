import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import { checkUserId } from '../../protocol/checks.js';
import type { PusherLimits } from '../../protocol/limits.js';
import { type UserData, userToWire } from '../../protocol/users.js';
import { checkSize, jsonText } from './json-text.js';

/** Of a longer watchlist Pusher uses the first hundred ids (documentation). */
const MAX_WATCHED = 100;

/**
 * The `user_data` of a user who signs in, checked. The watchlist has a limit of its own and does not
 * count for the size.
 * @throws PusherValidationError that names the part at fault
 */
export function userText(user: UserData, limits: Readonly<PusherLimits>): string {
  const plain = plainOf(user);
  const id: unknown = plain.id;
  checkUserId(id, 'user.id', limits);
  const { watchlist } = plain;
  if (watchlist !== undefined) checkWatchlist(watchlist, limits);
  const text = jsonText(userToWire(id, plain), 'user');
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.maxUserDataBytes)
    checkSize('user', bytes - sizeOf(watchlist), limits.maxUserDataBytes);
  return text;
}

/** What is checked has to be what is signed, so a `toJSON` has its say before both. */
function plainOf(user: UserData): UserData {
  // What is no object at all has no id, and is refused for that.
  const given = Object(user) as UserData;
  const { toJSON } = given;
  if (typeof toJSON !== 'function') return given;
  try {
    return Object(toJSON.call(given, '')) as UserData;
  } catch (cause) {
    throw new PusherValidationError(
      'user',
      '`user` cannot be turned into JSON: its toJSON throws. Give a plain object.',
      cause,
    );
  }
}

function checkWatchlist(watchlist: unknown, limits: Readonly<PusherLimits>): void {
  if (!Array.isArray(watchlist))
    throw new PusherValidationError(
      'user.watchlist',
      '`user.watchlist` must be a list of user ids. Leave it out when there is nobody to watch.',
    );
  if (watchlist.length > MAX_WATCHED)
    throw new PusherValidationError(
      'user.watchlist',
      `\`user.watchlist\` has ${watchlist.length} ids, and the server would use the first ${MAX_WATCHED} only. Choose which.`,
    );
  for (let at = 0; at < watchlist.length; at++)
    checkUserId(watchlist[at], `user.watchlist[${at}]`, limits);
}

function sizeOf(watchlist: UserData['watchlist']): number {
  return watchlist === undefined ? 0 : Buffer.byteLength(JSON.stringify(watchlist));
}
