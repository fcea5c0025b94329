import { type Server, type ServerResponse, createServer } from 'node:http';
import type { WebSocketServer } from 'ws';
import { serve } from './api/listener.js';
import { accept } from './websocket/accept.js';
import type { ServerState } from './state.js';

/** Longer than clients keep an idle line, so that it is they who close it and no request meets a closed one. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Opens the one port for requests and sockets.
 * @throws Error when the port cannot be had
 */
export async function listen(state: ServerState, sockets: WebSocketServer): Promise<Server> {
  const { port, host } = state.settings;
  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    serve(state, request, response).catch(() => giveUp(response));
  });
  http.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (each) => accept(state, each, request));
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(port, host, resolve);
  });
  return http;
}

/** Mostly the client has gone away while its request was read, and there is nobody to answer. */
function giveUp(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal server error\n');
}
