import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { App } from '../app.js';
import { leave } from '../channels/membership.js';
import type { ServerState } from '../state.js';
import { admit } from './admission.js';
import { Connection } from './connection.js';
import { dispatch } from './dispatch.js';
import * as frames from './frames.js';
import { checkLiveness } from './liveness.js';
import { signOut } from './sign-in.js';

const UNSUPPORTED_DATA = 1003;

/** Accepts a socket, or closes it with the code that says why not. */
export function accept(state: ServerState, socket: WebSocket, request: IncomingMessage): void {
  // `ws` reports a frame that breaks its rules here, and has closed with the right code by then.
  socket.on('error', () => undefined);
  const app = admit(state, request.url ?? '/');
  if (!(app instanceof App)) {
    socket.close(app.code, app.reason);
    return state.recorder.record({
      type: 'refused',
      message: `connection: ${app.code} ${app.reason}`,
    });
  }
  const appId = app.settings.id;
  const socketId = newSocketId((id) => app.connections.has(id));
  const connection = new Connection(socketId, socket, state.timers.now(), (from, text) =>
    state.recorder.frames.add({ appId, socketId, from, text }),
  );
  app.connections.set(socketId, connection);
  const endChecks = checkLiveness(app, connection);
  socket.on('message', (data, isBinary) => {
    if (connection.departed) return;
    if (isBinary) return socket.close(UNSUPPORTED_DATA, 'Binary frames are not supported');
    // A Buffer, as long as nobody changes `binaryType`.
    const text = (data as Buffer).toString();
    connection.received(text, state.timers.now());
    dispatch(app, connection, text);
    state.recorder.waits.changed();
  });
  socket.on('close', (code) => {
    endChecks();
    app.connections.delete(socketId);
    depart(app, connection);
    app.record({ type: 'disconnected', socketId, code });
  });
  connection.send(frames.established(socketId, state.settings.activityTimeoutSeconds));
  app.record({ type: 'connected', socketId });
}

/** Takes a connection off its channels and signs it out. Calling it again does no harm. */
function depart(app: App, connection: Connection): void {
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

/** Two numbers with a dot between them; no two connections of an app have the same. */
function newSocketId(isTaken: (id: string) => boolean): string {
  for (;;) {
    const id = `${randomInt(1, 1_000_000)}.${randomInt(1, 2 ** 40)}`;
    if (!isTaken(id)) return id;
  }
}
