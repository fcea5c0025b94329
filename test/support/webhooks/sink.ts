import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook as an application gets it. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An application that notes its webhooks, and answers as it is told. */
export class WebhookSink {
  readonly received: Received[] = [];
  /** Statuses of the next answers; `hang` for none. Then 200. */
  readonly answers: (number | 'hang')[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        const answer = this.answers.shift() ?? 200;
        if (answer !== 'hang') response.writeHead(answer).end('noted');
      });
    });
  }

  static async start(): Promise<WebhookSink> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new WebhookSink(server);
  }

  /** The events of all webhooks, in the order of their arrival. */
  get events(): Record<string, unknown>[] {
    return this.received.flatMap(
      ({ body }) => (JSON.parse(body) as { events: Record<string, unknown>[] }).events,
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
