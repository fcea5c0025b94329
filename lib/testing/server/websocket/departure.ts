import type { App } from '../app.js';
import { leave } from '../channels/membership.js';
import type { Connection } from './connection.js';
import { signOut } from './sign-in.js';

/** Takes a connection off its channels and signs it out. Calling it again does no harm. */
export function depart(app: App, connection: Connection): void {
  if (connection.departed) return;
  connection.departed = true;
  for (const channel of connection.channels) leave(app, connection, channel);
  signOut(app, connection);
}

/**
 * Does the same for connections that are being closed. Their sockets report that only when the close
 * handshake has ended, which is later than a request that follows it.
 */
export function departClosing(apps: Iterable<App>): void {
  for (const app of apps)
    for (const connection of app.connections.values())
      if (connection.isClosing) depart(app, connection);
}
