import type { WebSocketServer } from 'ws';

/**
 * The `ws` package, loaded when the first server starts, so that the rest of the testing door works
 * without it.
 * @throws Error that says how to install it
 */
export async function webSocketServer(maxPayload: number): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws').catch((cause: unknown) => {
    throw new Error('PusherTestServer needs the package "ws". Install it with: npm i -D ws', {
      cause,
    });
  });
  return new Server({ noServer: true, maxPayload, perMessageDeflate: false });
}
