import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { checkLength, checkUserId } from '../../protocol/checks.js';
import type { PusherLimits } from '../../protocol/limits.js';
import {
  memberToWire,
  type PresenceMember,
  type UserData,
  userToWire,
} from '../../protocol/users.js';
import { toJson } from '../../protocol/to-json.js';

/** Of a longer watchlist Pusher uses the first hundred ids (documentation). */
const MAX_WATCHED = 100;

/**
 * The `channel_data` of a presence member, checked.
 * @throws PusherValidationError that names the part at fault
 */
export function channelDataJson(
  member: PresenceMember,
  { limits, server }: Pick<PusherOptions, 'limits' | 'server'>,
): string {
  const userId: unknown = (member as PresenceMember | null)?.userId;
  if (!isMemberId(userId))
    throw new PusherValidationError(
      'member.userId',
      '`member.userId` must be a non-empty string. Pass the id of the user who joins.',
    );
  checkLength(String(userId), 'member.userId', 'maxUserIdLength', limits);
  const json = toJson(memberToWire(userId, infoOf(member, server)), 'member');
  checkSize('member', Buffer.byteLength(json), limits);
  return json;
}

/**
 * The `user_data` of a user who signs in, checked. The watchlist has a limit of its own and does not
 * count towards the size.
 * @throws PusherValidationError that names the part at fault
 */
export function userDataJson(user: UserData, limits: Readonly<PusherLimits>): string {
  const plain = plainUser(user);
  const id: unknown = plain.id;
  checkUserId(id, 'user.id', limits);
  const { watchlist } = plain;
  if (watchlist !== undefined) checkWatchlist(watchlist, limits);
  const json = toJson(userToWire(id, plain), 'user');
  const bytes = Buffer.byteLength(json);
  if (bytes > limits.maxUserDataBytes) checkSize('user', bytes - sizeOf(watchlist), limits);
  return json;
}

/** The type requires a string; untyped code may pass a number, as an example of Pusher's documentation does. */
function isMemberId(id: unknown): id is string | number {
  return typeof id === 'string' ? id !== '' : typeof id === 'number' && Number.isFinite(id);
}

/** On soketi a member without information leaves `members.me` of pusher-js null. */
function infoOf({ userInfo }: PresenceMember, server: PusherOptions['server']): unknown {
  return server === 'soketi' && userInfo === undefined ? {} : userInfo;
}

/** The user after its `toJSON`, if it has one, so that what is signed is what was checked. */
function plainUser(user: UserData): UserData {
  // A value that is not an object has no id, and is rejected for that.
  const given = Object(user) as UserData;
  const { toJSON } = given;
  if (typeof toJSON !== 'function') return given;
  try {
    return Object(toJSON.call(given, '')) as UserData;
  } catch (cause) {
    throw new PusherValidationError(
      'user',
      '`user` cannot be converted to JSON: its toJSON throws. Pass a plain object.',
      cause,
    );
  }
}

function checkWatchlist(watchlist: unknown, limits: Readonly<PusherLimits>): void {
  if (!Array.isArray(watchlist))
    throw new PusherValidationError(
      'user.watchlist',
      '`user.watchlist` must be an array of user ids. Leave it out when the user watches nobody.',
    );
  if (watchlist.length > MAX_WATCHED)
    throw new PusherValidationError(
      'user.watchlist',
      `\`user.watchlist\` has ${watchlist.length} ids, and the server uses only the first ${MAX_WATCHED}. Shorten it.`,
    );
  for (let at = 0; at < watchlist.length; at++)
    checkUserId(watchlist[at], `user.watchlist[${at}]`, limits);
}

function sizeOf(watchlist: UserData['watchlist']): number {
  return watchlist === undefined ? 0 : Buffer.byteLength(JSON.stringify(watchlist));
}

function checkSize(argument: string, bytes: number, limits: Readonly<PusherLimits>): void {
  if (bytes > limits.maxUserDataBytes)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` takes ${bytes} bytes of JSON; ${limits.maxUserDataBytes} are allowed. Leave out what clients can look up, or raise limits.maxUserDataBytes if your server accepts more.`,
    );
}
