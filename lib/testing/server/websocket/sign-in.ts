import { isUserId } from '../../../protocol/names.js';
import { type Fields, fieldsOf } from '../../../protocol/json.js';
import type { App } from '../app.js';
import { checkAuth } from './authorization.js';
import type { Connection, SignedInUser } from './connection.js';
import * as frames from './frames.js';
import { FrameError, parseJson } from './received-frame.js';

const UNAUTHORIZED = 4009;
const WATCHLIST_TOO_LONG = 4302;

/** `pusher:signin` */
export function signIn(app: App, connection: Connection, data: unknown): void {
  const { auth, user_data: userData } = fieldsOf(data);
  const text = typeof userData === 'string' ? userData : '';
  checkAuth(app, auth, `${connection.socketId}::user::${text}`, UNAUTHORIZED);
  const fields = fieldsOf(parseJson(text));
  const user = userIn(app, fields);
  if (connection.user && connection.user.id !== user.id)
    throw new FrameError('Connection is already signed in as another user', UNAUTHORIZED);
  if (connection.user) return connection.send(frames.signedIn(text));
  connection.user = user;
  connection.authorized = true;
  const arrived = app.users.signIn(user.id, connection);
  app.users.watch(user.watchlist, connection);
  connection.send(frames.signedIn(text));
  sendWatchlist(app, connection);
  if (arrived) notifyWatchers(app, user.id, 'online');
  app.record({ type: 'signed_in', socketId: connection.socketId, userId: user.id });
  const { maxWatchlistLength } = app.server.settings.limits;
  if (watchlistIn(fields).length > maxWatchlistLength)
    throw new FrameError(
      `The watchlist is longer than ${maxWatchlistLength} user ids, the rest is ignored`,
      WATCHLIST_TOO_LONG,
    );
}

/** Reverts `signIn`. Watchers are notified when the user has no connection left. */
export function signOut(app: App, connection: Connection): void {
  const { user } = connection;
  if (!user) return;
  app.users.unwatch(user.watchlist, connection);
  const gone = app.users.signOut(user.id, connection);
  if (gone) notifyWatchers(app, user.id, 'offline');
}

function userIn(app: App, fields: Fields): SignedInUser {
  const { id, user_info: userInfo } = fields;
  const { maxUserIdLength, maxUserDataBytes, maxWatchlistLength } = app.server.settings.limits;
  if (typeof id !== 'string' || !isUserId(id) || id.length > maxUserIdLength)
    throw new FrameError('The user_data must be JSON with a valid id', UNAUTHORIZED);
  if (Buffer.byteLength(JSON.stringify(userInfo) ?? '') > maxUserDataBytes)
    throw new FrameError(`The user_info is larger than ${maxUserDataBytes} bytes`, UNAUTHORIZED);
  return { id, userInfo, watchlist: new Set(watchlistIn(fields).slice(0, maxWatchlistLength)) };
}

function watchlistIn({ watchlist }: Fields): string[] {
  return Array.isArray(watchlist) ? watchlist.map(String) : [];
}

/** Sends a connection who of its watchlist is online and who is not; nothing when it watches nobody. */
function sendWatchlist(app: App, connection: Connection): void {
  if (!app.settings.watchlistEvents) return;
  const watched = [...(connection.user?.watchlist ?? [])];
  const events = [
    { name: 'online', user_ids: watched.filter((id) => app.users.isOnline(id)) },
    { name: 'offline', user_ids: watched.filter((id) => !app.users.isOnline(id)) },
  ].filter(({ user_ids }) => user_ids.length > 0);
  if (events.length > 0) connection.send(frames.watchlist(events));
}

/** Notifies those who watch a user that the user came or went. */
function notifyWatchers(app: App, userId: string, name: 'online' | 'offline'): void {
  if (!app.settings.watchlistEvents) return;
  const frame = frames.watchlist([{ name, user_ids: [userId] }]);
  for (const watcher of app.users.watchersOf(userId))
    if (watcher.user?.id !== userId) watcher.send(frame);
}
