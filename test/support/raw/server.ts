import { EventEmitter, once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it came in. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
  /** Counts the connections of the server from 1. */
  connection: number;
}

/** A plain HTTP server that records its requests. Responds with `{}` by default. */
export class RawServer {
  readonly seen: SeenRequest[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #events = new EventEmitter();
  readonly #numbers = new WeakMap<Socket, number>();
  readonly #sockets = new Set<Socket>();

  private constructor(
    respond: RequestListener,
    private readonly tls?: { cert: string; key: string },
  ) {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.seen.push({
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          rawHeaders: request.rawHeaders,
          body: Buffer.concat(chunks).toString(),
          connection: this.#numbers.get(request.socket) ?? 0,
        });
        respond(request, response);
      });
    };
    this.#server = tls ? createTlsServer(tls, listener) : createServer(listener);
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#numbers.set(socket, this.connections);
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0) this.#events.emit('closed');
      });
    });
  }

  static async start(
    respond: RequestListener = (_request, response) => response.end('{}'),
    tls?: { cert: string; key: string },
  ): Promise<RawServer> {
    const raw = new RawServer(respond, tls);
    await new Promise<void>((listening) => raw.#server.listen(0, '127.0.0.1', listening));
    return raw;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Resolves when no connection is open. */
  async closed(): Promise<void> {
    if (this.#sockets.size > 0) await once(this.#events, 'closed');
  }

  /** Cuts every connection now. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }
}
