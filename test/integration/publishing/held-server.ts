import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Body {
  name: string;
  batch?: { name: string }[];
}

/** A server that is as far away as a test likes: it accepts events, and responds when it is released. */
export class HeldServer {
  /** The names of the events of each request. */
  readonly requests: string[][] = [];
  readonly #held: ServerResponse[] = [];
  readonly #events = new EventEmitter();
  #isReleased = false;
  readonly #server = createServer((request, response) => {
    text(request).then(
      (body) => this.#accept(JSON.parse(body) as Body, response),
      () => response.destroy(),
    );
  });

  async start(): Promise<{ port: number; host: string; useTLS: false }> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return { port, host: '127.0.0.1', useTLS: false };
  }

  /** Resolves when that many requests have arrived. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.#events, 'request');
  }

  /** Responds to all requests, also to those that arrive later. */
  release(): void {
    this.#isReleased = true;
    for (const response of this.#held.splice(0)) response.end('{}');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept({ name, batch }: Body, response: ServerResponse): void {
    this.requests.push((batch ?? [{ name }]).map((event) => event.name));
    response.setHeader('content-type', 'application/json');
    if (this.#isReleased) response.end('{}');
    else this.#held.push(response);
    this.#events.emit('request');
  }
}
