import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface RawProxyOptions {
  /** `user:password`, percent-encoded, which it then requires. */
  credentials?: string;
  /** Responds with this to every CONNECT. */
  status?: number;
  /** Never responds. */
  mute?: boolean;
  /** Talks TLS to its clients. */
  tls?: { cert: string; key: string };
}

/** An HTTP proxy that makes tunnels. */
export class RawProxy {
  /** Where tunnels were made to. */
  readonly tunnels: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #events = new EventEmitter();

  private constructor(private readonly options: RawProxyOptions) {
    this.#server = options.tls ? createTlsServer(options.tls) : createServer();
    this.#server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server.on('connect', (request, socket: Socket) => {
      this.#events.emit('request');
      if (options.mute) {
        socket.resume().on('end', () => socket.destroy());
        return;
      }
      const wanted = options.credentials && this.#authorization(options.credentials);
      const status =
        options.status ?? (request.headers['proxy-authorization'] === wanted ? undefined : 407);
      if (status === undefined) this.#tunnel(request.url ?? '', socket);
      else socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    });
  }

  static async start(options: RawProxyOptions = {}): Promise<RawProxy> {
    const proxy = new RawProxy(options);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  /** Resolves when a tunnel is requested. */
  async requested(): Promise<void> {
    await once(this.#events, 'request');
  }

  /** Resolves when no connection is open, from clients and to servers. */
  async closed(): Promise<void> {
    while (this.#sockets.size > 0) await once(this.#events, 'closed');
  }

  get address(): string {
    const { port } = this.#server.address() as AddressInfo;
    const { credentials, tls } = this.options;
    return `${tls ? 'https' : 'http'}://${credentials ? `${credentials}@` : ''}127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #authorization(credentials: string): string {
    return `Basic ${Buffer.from(decodeURIComponent(credentials)).toString('base64')}`;
  }

  #tunnel(target: string, socket: Socket): void {
    this.tunnels.push(target);
    const [host, port] = target.split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    this.#keep(onward);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        this.#sockets.delete(socket);
        this.#events.emit('closed');
      });
  }
}
