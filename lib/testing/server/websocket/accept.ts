import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { App } from '../app.js';
import { leave } from '../channels/membership.js';
import type { ServerState } from '../state.js';
import { admit } from './admission.js';
import { Connection } from './connection.js';
import { dispatch } from './dispatch.js';
import * as frames from './frames.js';
import { watchOver } from './liveness.js';
import { signOut } from './sign-in.js';
import { newSocketId } from './socket-id.js';

const UNSUPPORTED_DATA = 1003;

/** Takes a socket in, or closes it with the code that says why not. */
export function accept(state: ServerState, socket: WebSocket, request: IncomingMessage): void {
  // `ws` reports a frame that breaks its rules here, and has closed with the right code by then.
  socket.on('error', () => undefined);
  const app = admit(state, request.url ?? '/');
  if (!(app instanceof App)) {
    socket.close(app.code, app.reason);
    return state.happened({ type: 'refused', message: `connection: ${app.code} ${app.reason}` });
  }
  const appId = app.settings.id;
  const socketId = newSocketId((id) => app.connections.has(id));
  const connection = new Connection(socketId, socket, state.timers.now(), (from, text) =>
    state.frames.add({ appId, socketId, from, text }),
  );
  app.connections.set(socketId, connection);
  const endWatch = watchOver(app, connection);
  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(UNSUPPORTED_DATA, 'Binary frames are not supported');
    // A Buffer, as long as nobody changes `binaryType`.
    const text = (data as Buffer).toString();
    connection.heard(text, state.timers.now());
    dispatch(app, connection, text);
    state.waits.changed();
  });
  socket.on('close', (code) => {
    endWatch();
    app.connections.delete(socketId);
    for (const channel of connection.channels) leave(app, connection, channel);
    signOut(app, connection);
    app.happened({ type: 'disconnected', socketId, code });
  });
  connection.send(frames.established(socketId, state.settings.activityTimeoutSeconds));
  app.happened({ type: 'connected', socketId });
}
