import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An event as the server received it. */
export interface Received {
  readonly name: string;
  readonly data: string;
  readonly channel: string;
}

interface Body extends Received {
  channels?: string[];
  batch?: Received[];
}

/** How a server handles a request. */
export type Fault =
  'none' | 'busy' | 'broken' | 'dropped unread' | 'dropped after accepting' | 'silent';

const STATUS: Partial<Record<Fault, number>> = { busy: 503, broken: 500 };

/** A server that fails now and then, and records exactly what it has accepted. */
export class FaultyServer {
  /** Everything accepted, in order. */
  readonly accepted: Received[] = [];
  /** How often each fault occurred. */
  readonly faults: Record<string, number> = {};
  requests = 0;
  readonly #server: Server;

  /**
   * @param nextFault decides what happens to the next request
   * @param isInvalid whether an event is rejected, together with the request that contains it
   */
  constructor(
    private readonly nextFault: () => Fault,
    private readonly isInvalid: (event: Received) => boolean = () => false,
  ) {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: Error) => request.destroy(error));
    });
  }

  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const fault = this.nextFault();
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
    if (fault === 'dropped unread') return void request.socket.destroy();
    const body = JSON.parse(await text(request)) as Body;
    const status = STATUS[fault];
    if (status !== undefined) return respond(response, status, { error: fault });
    const events = body.batch ?? (body.channels ?? []).map((channel) => ({ ...body, channel }));
    if (events.some((event) => this.isInvalid(event)))
      return respond(response, 400, { error: 'invalid' });
    this.accepted.push(...events);
    if (fault === 'dropped after accepting') return void request.socket.destroy();
    if (fault === 'silent') return;
    respond(
      response,
      200,
      body.batch ? { batch: events.map(attributesOf) } : { channels: byName(events) },
    );
  }
}

/** Returns an event's own number as the user count of its channel, so that responses can be told apart. */
function attributesOf({ name }: Received): { user_count: number } {
  return { user_count: Number(name) };
}

function byName(events: readonly Received[]): Record<string, unknown> {
  return Object.fromEntries(events.map((event) => [event.channel, attributesOf(event)]));
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
