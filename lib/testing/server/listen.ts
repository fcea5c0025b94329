import { type Server, type ServerResponse, createServer } from 'node:http';
import type { WebSocketServer } from 'ws';
import { clearTimeout, setTimeout } from '../../runtime/clock.js';
import { serve } from './api/listener.js';
import type { ServerState } from './state.js';
import { accept } from './websocket/accept.js';

/**
 * Longer than clients keep an idle connection, so that it is they who close it and no request meets
 * a closed one.
 */
const KEEP_ALIVE_MS = 60_000;
const GOING_AWAY = 1001;
/** A client that does not complete the close handshake in this time is cut off. */
const CLOSE_HANDSHAKE_MS = 200;

/** The two servers behind the one port. */
export interface Listening {
  http: Server;
  sockets: WebSocketServer;
}

/**
 * Opens the one port for requests and sockets.
 * @throws Error when the port is not available, or the package `ws` is not installed
 */
export async function listen(state: ServerState): Promise<Listening> {
  const { port, host, limits } = state.settings;
  const sockets = await webSocketServer(limits.maxFrameBytes);
  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    serve(state, request, response).catch(() => giveUp(response));
  });
  http.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (each) => accept(state, each, request));
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(port, host, resolve);
  });
  return { http, sockets };
}

/** Closes all sockets and the port. Resolves when nothing is open any more. */
export async function close({ http, sockets }: Listening): Promise<void> {
  // Not the event of the socket server itself: with fake timers of Jest it would never come.
  const closed = [...sockets.clients].map(
    (each) => new Promise<void>((resolve) => void each.once('close', () => resolve())),
  );
  closed.push(new Promise((resolve) => void http.close(() => resolve())));
  sockets.close();
  for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Server is stopping');
  const cutOff = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, CLOSE_HANDSHAKE_MS);
  http.closeAllConnections();
  await Promise.all(closed);
  clearTimeout(cutOff);
}

/** `ws` is loaded when the first server starts, so that the fake and the other helpers work without it. */
async function webSocketServer(maxPayload: number): Promise<WebSocketServer> {
  const ws = await import('ws').catch((cause: unknown) => {
    throw new Error('PusherTestServer needs the package "ws". Install it with: npm i -D ws', {
      cause,
    });
  });
  // Jest resolves packages for jsdom as for a browser, and the build of `ws` for browsers has no server.
  if (typeof ws.WebSocketServer !== 'function')
    throw new Error(
      'PusherTestServer cannot run in this test environment, in which the package ws has no server. Put "@jest-environment node" into the docblock at the top of the test file.',
    );
  return new ws.WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
}

/** Usually the client has gone away while its request was read, and nobody is left to respond to. */
function giveUp(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal server error\n');
}
