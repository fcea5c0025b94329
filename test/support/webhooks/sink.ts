import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook as an application receives it. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP server that records webhooks, and responds as a test decides. */
export class WebhookSink {
  readonly received: Received[] = [];
  /** Statuses of the next responses; `hang` for none. After those, 200. */
  readonly responses: (number | 'hang')[] = [];
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
        const status = this.responses.shift() ?? 200;
        if (status !== 'hang') response.writeHead(status).end('noted');
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
