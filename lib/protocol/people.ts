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
export function memberOnTheWire({ userId, userInfo }: PresenceMember): Record<string, unknown> {
  return { user_id: userId, user_info: userInfo };
}

/** The user as `user_data` has it. JSON leaves out what is `undefined`. */
export function userOnTheWire(user: UserData): Record<string, unknown> {
  const { id, userInfo } = user;
  if (userInfo === undefined) return user;
  // One spread: taking `userInfo` out with a rest pattern costs as much again as the JSON.
  return Object.assign({ id, user_info: userInfo }, user, { userInfo: undefined });
}
