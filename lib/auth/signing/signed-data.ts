import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import { checkArgument, isRecord, optional, whatWasGiven } from '../../protocol/arguments.js';
import type { PusherLimits, PusherServer, ServerRules } from '../../protocol/limits.js';
import { toJson } from '../../protocol/json.js';
import { memberId, signInId } from '../../protocol/user-ids.js';
import {
  MEMBER_SHAPE,
  memberToWire,
  type PresenceMember,
  USER_WIRE_NAMES,
  type UserData,
  userToWire,
} from '../../protocol/users.js';

/** Of a longer watchlist Pusher uses the first hundred ids (documentation). */
const MAX_WATCHED = 100;

/** Servers that limit the `userInfo` of presence members, and nothing else of users (their sources). */
const LIMITING_INFO: ReadonlySet<PusherServer> = new Set<PusherServer>(['soketi', 'sockudo']);

/**
 * The `channel_data` of a presence member, checked.
 * @throws PusherValidationError that names the part at fault
 */
export function channelDataJson(member: PresenceMember, rules: ServerRules): string {
  checkArgument(member, 'member', MEMBER_SHAPE, 'member.');
  const userId = memberId(member.userId, 'member.userId', rules);
  const info = infoOf(member, rules.server);
  checkInfo(info, 'member.userInfo');
  const json = toJson(memberToWire(userId, info), 'member');
  if (Buffer.byteLength(json) > rules.limits.maxUserDataBytes)
    checkSize('member', memberBytes(json, info, rules.server), rules.limits);
  return json;
}

/**
 * The `user_data` of a user who signs in, checked. The watchlist has a limit of its own and does not
 * count towards the size.
 * @throws PusherValidationError that names the part at fault
 */
export function userDataJson(user: UserData, rules: ServerRules): string {
  const plain = plainUser(user);
  // Read once: a getter may return another value the next time.
  const given = optional(plain.id);
  checkWireNames(plain, given !== undefined);
  const id = signInId(given, 'user.id', rules);
  const watchlist = watchlistIn(plain, rules);
  checkInfo(plain.userInfo, 'user.userInfo');
  const json = toJson(userToWire(id, plain, watchlist), 'user');
  const bytes = Buffer.byteLength(json);
  if (bytes > rules.limits.maxUserDataBytes && !LIMITING_INFO.has(rules.server))
    checkSize('user', bytes - sizeOf(watchlist), rules.limits);
  return json;
}

/** On soketi a member without information leaves `members.me` of pusher-js null. */
function infoOf({ userInfo }: PresenceMember, server: PusherServer): unknown {
  return server === 'soketi' ? (userInfo ?? {}) : userInfo;
}

/** Within the member or the user, its JSON would leave out a function, and be empty for a promise. */
function checkInfo(userInfo: unknown, argument: string): void {
  const info = optional(userInfo);
  if (info !== undefined && !isRecord(info)) toJson(info, argument);
}

function memberBytes(json: string, info: unknown, server: PusherServer): number {
  return LIMITING_INFO.has(server) ? sizeOf(optional(info)) : Buffer.byteLength(json);
}

/** The user after its `toJSON`, if it has one, so that what is signed is what was checked. */
function plainUser(user: UserData): UserData {
  const plain = isRecord(user) ? afterToJson(user) : user;
  if (isRecord(plain)) return plain;
  throw new PusherValidationError(
    'user',
    `\`user\` must be an object such as { id: '7', userInfo: { name: 'Ada' } }; ${whatWasGiven(plain)}.`,
  );
}

function afterToJson(user: UserData): UserData {
  const { toJSON } = user;
  if (typeof toJSON !== 'function') return user;
  try {
    return toJSON.call(user, '') as UserData;
  } catch (cause) {
    throw new PusherValidationError(
      'user',
      '`user` cannot be converted to JSON: its toJSON throws. Pass a plain object.',
      cause,
    );
  }
}

/** Users may have any further fields, but not these: they would be sent beside, or without, the right ones. */
function checkWireNames(user: UserData, hasId: boolean): void {
  const names = [...USER_WIRE_NAMES, ...(hasId ? [] : MEMBER_ID)];
  for (const [wire, name] of names)
    if (Object.hasOwn(user, wire))
      throw new PusherValidationError(
        `user.${wire}`,
        `\`user.${wire}\` is not a field of a user; use \`${name}\`. Example: { id: '7', userInfo: { name: 'Ada' } }.`,
      );
}

/** What the id of a presence member is called, and that of a user. */
const MEMBER_ID = [['userId', 'id']] as const;

function watchlistIn({ watchlist }: UserData, rules: ServerRules): string[] | undefined {
  const watched: unknown = optional(watchlist);
  if (watched === undefined) return undefined;
  if (!Array.isArray(watched))
    throw new PusherValidationError(
      'user.watchlist',
      `\`user.watchlist\` must be an array of user ids; ${whatWasGiven(watched)}. Leave it out when the user watches nobody.`,
    );
  if (watched.length > MAX_WATCHED)
    throw new PusherValidationError(
      'user.watchlist',
      `\`user.watchlist\` has ${watched.length} ids, and the server uses only the first ${MAX_WATCHED}. Shorten it.`,
    );
  return Array.from(watched, (id, at) => signInId(id, `user.watchlist[${at}]`, rules));
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value) ?? '');
}

function checkSize(argument: string, bytes: number, { maxUserDataBytes }: PusherLimits): void {
  if (bytes > maxUserDataBytes)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` takes ${bytes} bytes of JSON; ${maxUserDataBytes} are allowed. Leave out what clients can look up, or raise limits.maxUserDataBytes if your server accepts more.`,
    );
}
