import type { Server } from 'node:http';
import type { WebSocketServer } from 'ws';

const GOING_AWAY = 1001;
/** A client that does not answer the goodbye in this time is cut off. */
const GOODBYE_MS = 200;

/** Says goodbye to all clients and closes the port. Resolves when nothing is open any more. */
export async function stopServers(http: Server, sockets: WebSocketServer): Promise<void> {
  const closed = [http, sockets].map(
    (each) => new Promise<void>((resolve) => each.close(() => resolve())),
  );
  for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Server is stopping');
  const cutOff = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, GOODBYE_MS);
  http.closeAllConnections();
  await Promise.all(closed);
  clearTimeout(cutOff);
}
