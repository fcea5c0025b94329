import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Everything of a request, as a server that hides nothing would repeat it. */
export interface Heard {
  url: string;
  text: string;
}

/** What the server does with a request whose text it has read. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, heard: Heard) => void;

/** A server that repeats whatever it is sent. */
export class EchoServer {
  readonly heard: Heard[] = [];
  #behaviour: Behaviour = (_request, response) => void response.end('{}');

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = request.url ?? '';
        const lines = [url, ...request.rawHeaders, Buffer.concat(chunks).toString()];
        const heard = { url, text: lines.join('\n') };
        this.heard.push(heard);
        this.#behaviour(request, response, heard);
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

  /** The signatures that came in; whoever has one has the request. */
  signatures(): string[] {
    return this.heard.flatMap(({ url }) => /auth_signature=([0-9a-f]{64})/.exec(url)?.[1] ?? []);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
