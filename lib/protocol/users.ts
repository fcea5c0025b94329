import { argumentShape, optional } from './arguments.js';
import type { UserId } from './user-ids.js';

/** A member of a presence channel. */
export interface PresenceMember {
  /** Id of the user; all connections of one user are one member. At most 128 characters on Pusher. */
  userId: UserId;
  /** What the other members can see. Together with `userId` at most 1 kB of JSON on Pusher. */
  userInfo?: unknown;
}

/** A user who signs in with `pusher.signin()`. Further fields are sent unchanged. */
export interface UserData {
  /** On Pusher letters, digits and `_ - = @ , . ;`, which `sendToUser` requires on all servers. */
  id: UserId;
  /** What users who watch this user can see. */
  userInfo?: unknown;
  /** Ids of up to 100 users; this user is notified when one of them goes online or offline. */
  watchlist?: readonly UserId[] | undefined;
  [more: string]: unknown;
}

/** What a presence member may have. */
export const MEMBER_SHAPE = argumentShape(
  'field',
  "{ userId: '7', userInfo: { name: 'Ada' } }",
  ['userId', 'userInfo'],
  { id: 'userId', uid: 'userId', user: 'userId', info: 'userInfo', data: 'userInfo' },
);

/** Fields of a user on the wire that have a name of their own here. */
export const USER_WIRE_NAMES: ReadonlyMap<string, string> = new Map([
  ['user_id', 'id'],
  ['user_info', 'userInfo'],
]);

/** The member in the form of `channel_data`; fields that were left out are left out of its JSON. */
export function memberToWire(userId: string, userInfo: unknown): Record<string, unknown> {
  return { user_id: userId, user_info: optional(userInfo) };
}

/**
 * The user in the form of `user_data`, with the checked ids; fields that were left out are left out of
 * its JSON. The copy is plain, so that no `toJSON` or getter of the original can change what is signed.
 */
export function userToWire(
  id: string,
  user: UserData,
  watchlist: readonly string[] | undefined,
): Record<string, unknown> {
  const userInfo = optional(user.userInfo);
  const wire: Record<string, unknown> = { id };
  if (userInfo !== undefined) wire['user_info'] = userInfo;
  return Object.assign(wire, user, { id, watchlist, userInfo: undefined, toJSON: undefined });
}
