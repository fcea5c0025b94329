/** A member of a presence channel. */
export interface PresenceMember {
  /** Id of the user; all connections of one user are one member. At most 128 characters on Pusher. */
  userId: string;
  /** What the other members can see. Together with `userId` at most 1 kB of JSON on Pusher. */
  userInfo?: unknown;
}

/** A user who signs in with `pusher.signin()`. Further fields are sent unchanged. */
export interface UserData {
  /** Letters, digits and `_ - = @ , . ;`, as `sendToUser` and `terminateUserConnections` require. */
  id: string;
  /** What users who watch this user can see. */
  userInfo?: unknown;
  /** Ids of up to 100 users; this user is notified when one of them goes online or offline. */
  watchlist?: readonly string[] | undefined;
  [more: string]: unknown;
}

/** The member in the form of `channel_data`; `undefined` fields are left out of its JSON. */
export function memberToWire(userId: string | number, userInfo: unknown): Record<string, unknown> {
  return { user_id: userId, user_info: userInfo };
}

/**
 * The user in the form of `user_data`, with the checked id; `undefined` fields are left out of its
 * JSON. The copy is plain, so that no `toJSON` or getter of the original can change what is signed.
 */
export function userToWire(id: string, user: UserData): Record<string, unknown> {
  const { userInfo } = user;
  const wire: Record<string, unknown> = { id };
  if (userInfo !== undefined) wire['user_info'] = userInfo;
  return Object.assign(wire, user, { id, userInfo: undefined, toJSON: undefined });
}
