import { afterEach, beforeEach } from '@jest/globals';
import OfficialPusher from 'pusher';
import PusherJsModule, { type Channel, type Options } from 'pusher-js';
import { PusherTestServer, type PusherTestServerOptions } from '../../../lib/testing/index.js';

/** The package is CommonJS whose export is the class itself; its types say otherwise. */
export const PusherJs = PusherJsModule as unknown as typeof PusherJsModule.default;
export type PusherClient = InstanceType<typeof PusherJs>;

/**
 * Every socket that pusher-js opened. When a server closes one with 4000 to 4099, pusher-js closes it
 * once more, and its WebSocket then keeps the process for another thirty seconds.
 */
const sockets: object[] = [];
const createWebSocket = PusherJs.Runtime.createWebSocket.bind(PusherJs.Runtime);
PusherJs.Runtime.createWebSocket = (url) => {
  const socket = createWebSocket(url);
  sockets.push(socket);
  return socket;
};

/** Anything of pusher-js that can be listened to. */
interface Emitter {
  bind(event: string, callback: (data: never, metadata?: never) => void): unknown;
  unbind(event: string, callback: (data: never, metadata?: never) => void): unknown;
}

/** Who a client is: on presence channels, and when it signs in. */
export interface Identity {
  member?: OfficialPusher.PresenceChannelData;
  user?: OfficialPusher.UserChannelData;
  appId?: string;
  options?: Partial<Options>;
}

/** A test server, and clients of the official packages that end with it. */
export class ServerWithClients {
  readonly #clients: PusherClient[] = [];

  constructor(readonly server: PusherTestServer) {}

  /** The official server package, talking to an app of the server. */
  official(appId?: string): OfficialPusher {
    const options = this.server.optionsOf(appId);
    return new OfficialPusher({ ...options, port: String(options.port) });
  }

  /** A connected pusher-js, authorized by the official server package. */
  async client(identity: Identity = {}): Promise<PusherClient> {
    const client = this.connecting(identity);
    await next(client.connection, 'connected');
    return client;
  }

  /** The same, not connected yet. */
  connecting({ member, user, appId, options }: Identity = {}): PusherClient {
    const official = this.official(appId);
    const client = new PusherJs(this.server.optionsOf(appId).key, {
      ...this.server.clientOptions,
      channelAuthorization: {
        endpoint: '',
        transport: 'ajax',
        customHandler: ({ socketId, channelName }, callback) =>
          callback(null, official.authorizeChannel(socketId, channelName, member)),
      },
      userAuthentication: {
        endpoint: '',
        transport: 'ajax',
        customHandler: ({ socketId }, callback) =>
          callback(null, official.authenticateUser(socketId, user ?? { id: 'nobody' })),
      },
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** A channel, subscribed to. */
  async subscribed(client: PusherClient, name: string): Promise<Channel> {
    const channel = client.subscribe(name);
    await next(channel, 'pusher:subscription_succeeded');
    return channel;
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.server.stop();
    releaseSockets();
  }
}

/** Lets the process end although some sockets have been closed twice. Call it when their servers have ended. */
export function releaseSockets(): void {
  for (const socket of sockets.splice(0)) clearTimeout(Reflect.get(socket, '_closeTimer') as never);
}

/** A new server for every test of the block. */
export function serverWithClients(options?: PusherTestServerOptions): () => ServerWithClients {
  let setup: ServerWithClients | undefined;
  beforeEach(async () => {
    setup = new ServerWithClients(await PusherTestServer.start(options));
  });
  afterEach(() => setup?.end());
  return () => {
    if (!setup) throw new Error('The server exists inside tests only');
    return setup;
  };
}

/** The next event of that name: the arguments of the callback. */
export function nextArguments(emitter: Emitter, event: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No ${event} within 20 s`)), 20_000);
    const callback = (...received: unknown[]) => {
      clearTimeout(timer);
      emitter.unbind(event, callback);
      resolve(received);
    };
    emitter.bind(event, callback);
  });
}

/** The data of the next event of that name. */
export async function next<T = unknown>(emitter: Emitter, event: string): Promise<T> {
  const [data] = await nextArguments(emitter, event);
  return data as T;
}

/** Which of these events comes first: its place in the list. */
export async function firstOf(...events: readonly (readonly [Emitter, string])[]): Promise<number> {
  const releases: (() => void)[] = [];
  const first = await new Promise<number>((resolve) => {
    for (const [place, [emitter, event]] of events.entries()) {
      const callback = () => resolve(place);
      emitter.bind(event, callback);
      releases.push(() => emitter.unbind(event, callback));
    }
  });
  for (const release of releases) release();
  return first;
}

/** Everything that arrives under a name from now on. */
export function collect<T = unknown>(emitter: Emitter, event: string): T[] {
  const arrived: T[] = [];
  emitter.bind(event, (data: T) => void arrived.push(data));
  return arrived;
}

/** Resolves when the client has handled all that the server sent before: it pings, and gets its pong. */
export async function settled(client: PusherClient): Promise<void> {
  const pong = next<{ event: string }>(client.connection, 'message');
  client.connection.send_event('pusher:ping', {});
  await pong;
}
