import { EventEmitter, once } from 'node:events';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type FaultName, type Play, PLAYS } from './plays.js';
import { RequestReader, type ReadRequest } from './reader.js';

/** What the fault server did with one request. */
export interface FaultRecord {
  readonly request: ReadRequest;
  readonly fault: FaultName;
  /** Whether the server behind got the request. */
  forwarded: boolean;
}

/** One request that meets a fault. */
export interface FaultExchange {
  readonly request: ReadRequest;
  readonly socket: Socket;
  /** Sends the request to the server behind; resolves with its whole response, head included. */
  readonly forward: () => Promise<Buffer>;
}

/** A TCP server in front of an HTTP server that plays a fault with every request. */
export class FaultServer {
  readonly records: FaultRecord[] = [];
  readonly #events = new EventEmitter();
  readonly #sockets = new Set<Socket>();
  readonly #working = new Set<Promise<void>>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  #server: Server;
  #port = 0;

  private constructor(
    private readonly upstreamPort: number,
    private readonly choose: (request: ReadRequest) => FaultName,
  ) {
    this.#server = this.#create();
  }

  /** @param choose which fault the next request gets */
  static async start(
    upstreamPort: number,
    choose: (request: ReadRequest) => FaultName,
  ): Promise<FaultServer> {
    const server = new FaultServer(upstreamPort, choose);
    await server.up();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Listens, on the same port as before. */
  async up(): Promise<void> {
    this.#server = this.#create();
    await new Promise<void>((done) => this.#server.listen(this.#port, '127.0.0.1', done));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses connections and cuts those that are open. */
  async down(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    this.cutAll();
    await closed;
  }

  /** Resolves when no connection is open. */
  async closed(): Promise<void> {
    while (this.#sockets.size > 0) await once(this.#events, 'change');
  }

  /** Resolves when so many requests have come. */
  async requests(count: number): Promise<void> {
    while (this.records.length < count) await once(this.#events, 'change');
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves when no request is being worked on. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  async stop(): Promise<void> {
    await this.down();
    await this.idle();
    this.#agent.destroy();
  }

  #create(): Server {
    return createServer((socket) => {
      this.#sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          this.#sockets.delete(socket);
          this.#events.emit('change');
        });
      const reader = new RequestReader((request) => this.#play(request, socket));
      socket.on('data', (chunk: Buffer) => reader.read(chunk));
    });
  }

  #play(request: ReadRequest, socket: Socket): void {
    const record: FaultRecord = { request, fault: this.choose(request), forwarded: false };
    this.records.push(record);
    this.#events.emit('change');
    const exchange: FaultExchange = {
      request,
      socket,
      forward: () => {
        record.forwarded = true;
        return this.#forward(request);
      },
    };
    const play: Play = PLAYS[record.fault];
    const work = (async () => play(exchange))()
      .catch(() => void socket.destroy())
      .then(() => void this.#working.delete(work));
    this.#working.add(work);
  }

  #forward({ method, target, body, headers }: ReadRequest): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const onResponse = (response: IncomingMessage): void => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => resolve(bytesOf(response, Buffer.concat(chunks))));
      };
      httpRequest(
        {
          port: this.upstreamPort,
          method,
          path: target,
          agent: this.#agent,
          headers: {
            'content-type': headers['content-type'] ?? '',
            ...(body.length > 0 && { 'content-length': body.length }),
          },
        },
        onResponse,
      )
        .on('error', reject)
        .end(body);
    });
  }
}

function bytesOf({ statusCode, headers }: IncomingMessage, body: Buffer): Buffer {
  const head = `HTTP/1.1 ${statusCode} X\r\ndate: ${headers.date}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
