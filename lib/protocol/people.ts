/** Somebody on a presence channel. */
export interface PresenceMember {
  /** Who it is; connections with one id are one member. 128 characters at most on Pusher. */
  userId: string;
  /** What the other members may know. With `userId` 1 kB of JSON at most on Pusher. */
  userInfo?: unknown;
}

/** A user who signs in with `pusher.signin()`. Further fields travel as they are. */
export interface UserData {
  /** Letters, digits and `_ - = @ , . ;`, because `sendToUser` and the termination of connections need it. */
  id: string;
  /** What watchers of the user may know. */
  userInfo?: unknown;
  /** Ids of up to 100 users whose coming and going this user is told. */
  watchlist?: readonly string[];
  [more: string]: unknown;
}

/** The member as `channel_data` has it. A member without information has no `user_info`. */
export function memberOnTheWire(
  userId: string | number,
  userInfo: unknown,
): Record<string, unknown> {
  return { user_id: userId, user_info: userInfo };
}

/**
 * The user as `user_data` has it, with the id that was checked. JSON leaves out what is `undefined`.
 * The copy is plain: a `toJSON` or a getter of the original has no say in what is signed.
 */
export function userOnTheWire(id: string, user: UserData): Record<string, unknown> {
  const { userInfo } = user;
  const wire: Record<string, unknown> = { id };
  if (userInfo !== undefined) wire['user_info'] = userInfo;
  return Object.assign(wire, user, { id, userInfo: undefined, toJSON: undefined });
}
