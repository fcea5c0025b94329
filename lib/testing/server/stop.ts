import type { Server } from 'node:http';
import type { WebSocketServer } from 'ws';

const GOING_AWAY = 1001;
/** A client that does not answer the goodbye in this time is cut off. */
const GOODBYE_MS = 200;

/** Says goodbye to all clients and closes the port. */
export async function stopServers(http: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Server is stopping');
  const cutOff = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, GOODBYE_MS);
  http.closeAllConnections();
  await closed;
  clearTimeout(cutOff);
  sockets.close();
}
