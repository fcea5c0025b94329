import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request: its URL, and all of it as one string. */
export interface ReceivedRequest {
  url: string;
  text: string;
}

/** What the server does with a request that it has read. */
export type Behaviour = (
  request: IncomingMessage,
  response: ServerResponse,
  received: ReceivedRequest,
) => void;

/** A server that records its requests, and can repeat whatever it was sent. */
export class EchoServer {
  readonly received: ReceivedRequest[] = [];
  #behaviour: Behaviour = (_request, response) => void response.end('{}');

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = request.url ?? '';
        const lines = [url, ...request.rawHeaders, Buffer.concat(chunks).toString()];
        const received = { url, text: lines.join('\n') };
        this.received.push(received);
        this.#behaviour(request, response, received);
      });
    });
  }

  static async start(): Promise<EchoServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new EchoServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  /** The signatures of all requests so far. */
  signatures(): string[] {
    return this.received.flatMap(({ url }) => /auth_signature=([0-9a-f]{64})/.exec(url)?.[1] ?? []);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
