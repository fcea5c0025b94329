import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { RequestReader } from '../faults/reader.js';

const RESPONSE = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

/**
 * A server that responds with `{}`, but answers a request on a connection that was idle for too long
 * with a reset, as NAT gateways do: it does not say before that the connection is gone.
 */
export class IdleResetServer {
  /** Requests that were answered. */
  answered = 0;
  /** Requests that met a reset. */
  reset = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly maxIdleMs: number) {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(maxIdleMs: number): Promise<IdleResetServer> {
    const server = new IdleResetServer(maxIdleMs);
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #serve(socket: Socket): void {
    let idleSince = Date.now();
    const reader = new RequestReader(() => {
      this.answered += 1;
      socket.write(RESPONSE);
      idleSince = Date.now();
    });
    this.#sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => this.#sockets.delete(socket))
      .on('data', (chunk: Buffer) => {
        if (Date.now() - idleSince <= this.maxIdleMs) return reader.read(chunk);
        this.reset += 1;
        socket.resetAndDestroy();
      });
  }
}
