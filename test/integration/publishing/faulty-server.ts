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

/** What a server does with a request, besides what is asked of it. */
export type Fault =
  'none' | 'busy' | 'broken' | 'dropped unread' | 'dropped after accepting' | 'silent';

const STATUS: Partial<Record<Fault, number>> = { busy: 503, broken: 500 };

/** A server that fails now and then, and knows exactly what it has accepted. */
export class FaultyServer {
  /** Everything accepted, in order. */
  readonly accepted: Received[] = [];
  /** How often each fault came about. */
  readonly faults: Record<string, number> = {};
  requests = 0;
  readonly #server: Server;

  /**
   * @param nextFault decides what happens to the next request
   * @param isBad whether an event is refused, and with it the request that it is in
   */
  constructor(
    private readonly nextFault: () => Fault,
    private readonly isBad: (event: Received) => boolean = () => false,
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
    if (status !== undefined) return answer(response, status, { error: fault });
    const events = body.batch ?? (body.channels ?? []).map((channel) => ({ ...body, channel }));
    if (events.some((event) => this.isBad(event))) return answer(response, 400, { error: 'bad' });
    this.accepted.push(...events);
    if (fault === 'dropped after accepting') return void request.socket.destroy();
    if (fault === 'silent') return;
    answer(response, 200, body.batch ? { batch: events.map(told) } : { channels: byName(events) });
  }
}

/** An event's own number comes back as the users of its channel, so that answers can be told apart. */
function told({ name }: Received): { user_count: number } {
  return { user_count: Number(name) };
}

function byName(events: readonly Received[]): Record<string, unknown> {
  return Object.fromEntries(events.map((event) => [event.channel, told(event)]));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
