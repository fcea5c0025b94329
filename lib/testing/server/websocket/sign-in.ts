import { isUserId } from '../../../protocol/names.js';
import { type Fields, fieldsOf } from '../../../protocol/wire.js';
import type { App } from '../app.js';
import { checkAuth } from './authorization.js';
import type { Connection, SignedInUser } from './connection.js';
import * as frames from './frames.js';
import { jsonIn } from './json.js';
import { RefusedFrame } from './refused-frame.js';
import { tellWatchers, tellWatchlist } from './watchlist.js';

const UNAUTHORIZED = 4009;
const WATCHLIST_TOO_LONG = 4302;

/** `pusher:signin` */
export function signIn(app: App, connection: Connection, data: unknown): void {
  const { auth, user_data: userData } = fieldsOf(data);
  const text = typeof userData === 'string' ? userData : '';
  checkAuth(app, auth, `${connection.socketId}::user::${text}`, UNAUTHORIZED);
  const fields = fieldsOf(jsonIn(text));
  const user = userIn(app, fields);
  if (connection.user && connection.user.id !== user.id)
    throw new RefusedFrame('Connection is already signed in as another user', UNAUTHORIZED);
  if (connection.user) return connection.send(frames.signedIn(text));
  connection.user = user;
  connection.authorized = true;
  const arrived = app.users.signIn(user.id, connection);
  app.users.watch(user.watchlist, connection);
  connection.send(frames.signedIn(text));
  tellWatchlist(app, connection);
  if (arrived) tellWatchers(app, user.id, 'online');
  app.happened({ type: 'signed_in', socketId: connection.socketId, userId: user.id });
  const { maxWatchlistLength } = app.server.settings.limits;
  if (watchlistIn(fields).length > maxWatchlistLength)
    throw new RefusedFrame(
      `The watchlist is longer than ${maxWatchlistLength} user ids, the rest is ignored`,
      WATCHLIST_TOO_LONG,
    );
}

/** Ends what `signIn` began. Watchers are told when the user has no connection left. */
export function signOut(app: App, connection: Connection): void {
  const { user } = connection;
  if (!user) return;
  app.users.unwatch(user.watchlist, connection);
  const gone = app.users.signOut(user.id, connection);
  if (gone) tellWatchers(app, user.id, 'offline');
}

function userIn(app: App, fields: Fields): SignedInUser {
  const { id, user_info: userInfo } = fields;
  const { maxUserIdLength, maxUserDataBytes, maxWatchlistLength } = app.server.settings.limits;
  if (typeof id !== 'string' || !isUserId(id) || id.length > maxUserIdLength)
    throw new RefusedFrame('The user_data must be JSON with a valid id', UNAUTHORIZED);
  if (Buffer.byteLength(JSON.stringify(userInfo) ?? '') > maxUserDataBytes)
    throw new RefusedFrame(`The user_info is larger than ${maxUserDataBytes} bytes`, UNAUTHORIZED);
  return { id, userInfo, watchlist: new Set(watchlistIn(fields).slice(0, maxWatchlistLength)) };
}

function watchlistIn({ watchlist }: Fields): string[] {
  return Array.isArray(watchlist) ? watchlist.map(String) : [];
}
