import type { App } from '../app.js';
import type { Connection } from './connection.js';
import * as frames from './frames.js';

/** Tells a connection who of its watchlist is online and who is not; nothing when it watches nobody. */
export function tellWatchlist(app: App, connection: Connection): void {
  if (!app.settings.watchlistEvents) return;
  const watched = [...(connection.user?.watchlist ?? [])];
  const events = [
    { name: 'online', user_ids: watched.filter((id) => app.users.isOnline(id)) },
    { name: 'offline', user_ids: watched.filter((id) => !app.users.isOnline(id)) },
  ].filter(({ user_ids }) => user_ids.length > 0);
  if (events.length > 0) connection.send(frames.watchlist(events));
}

/** Tells those who watch a user that the user came or went. */
export function tellWatchers(app: App, userId: string, name: 'online' | 'offline'): void {
  if (!app.settings.watchlistEvents) return;
  const frame = frames.watchlist([{ name, user_ids: [userId] }]);
  for (const watcher of app.users.watchersOf(userId))
    if (watcher.user?.id !== userId) watcher.send(frame);
}
