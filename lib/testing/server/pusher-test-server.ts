import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocketServer } from 'ws';
import { serve } from './api/listener.js';
import type { Fault } from './faults.js';
import type { PusherTestServerOptions } from './options.js';
import type { ConnectionState, PublishedEvent, ReceivedRequest, SentWebhook } from './records.js';
import { type AppSettings, serverSettings } from './settings.js';
import { accept } from './socket/accept.js';
import { ServerState } from './state.js';
import { stopServers } from './stop.js';
import { webSocketServer } from './websockets.js';

/** What `PusherModule.forRoot`, or the official `pusher` package, needs to reach a test server. */
export interface TestServerOptions {
  appId: string;
  key: string;
  secret: string;
  host: string;
  port: number;
  useTLS: false;
  pathPrefix?: string;
  encryptionMasterKeyBase64: string;
}

/** What `new Pusher(server.key, server.clientOptions)` of `pusher-js` needs to reach a test server. */
export interface TestServerClientOptions {
  cluster: string;
  wsHost: string;
  wsPort: number;
  wsPath?: string;
  forceTLS: false;
  enabledTransports: 'ws'[];
}

/** How long the waiting methods wait, in milliseconds of this machine. Below the 5 s of most test runners. */
const PATIENCE_MS = 4000;

/**
 * A Channels server in the test process: HTTP API, WebSocket protocol 7 and webhooks, as strict as
 * the real one. Several can run side by side.
 */
export class PusherTestServer {
  readonly #state: ServerState;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  #stopping: Promise<void> | undefined;

  private constructor(state: ServerState, http: Server, sockets: WebSocketServer) {
    this.#state = state;
    this.#http = http;
    this.#sockets = sockets;
  }

  /**
   * Starts a server, on a free port of the loopback interface unless told otherwise.
   * @throws Error when an option is wrong, the port is taken, or the package `ws` is not installed
   */
  static async start(options: PusherTestServerOptions = {}): Promise<PusherTestServer> {
    const settings = serverSettings(options);
    const state = new ServerState(settings);
    const sockets = await webSocketServer(settings.limits.maxFrameBytes);
    const http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      // A client that goes away while it is read is nothing to report.
      serve(state, request, response).catch(() => response.socket?.destroy());
    });
    http.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (each) => accept(state, each, request)),
    );
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject).listen(settings.port, settings.host, resolve);
    });
    return new PusherTestServer(state, http, sockets);
  }

  /** The port that the server listens on. */
  get port(): number {
    return (this.#http.address() as AddressInfo | null)?.port ?? this.#state.settings.port;
  }

  /** The key of the first app. */
  get key(): string {
    return this.#app().key;
  }

  /** What the server side needs to reach the first app. */
  get options(): TestServerOptions {
    return this.optionsOf();
  }

  /** What the server side needs to reach an app, the first unless named. */
  optionsOf(appId?: string): TestServerOptions {
    const { id, key, secret, encryptionMasterKeyBase64 } = this.#app(appId);
    const { host, pathPrefix } = this.#state.settings;
    return {
      appId: id,
      key,
      secret,
      host,
      port: this.port,
      useTLS: false,
      ...(pathPrefix !== '' && { pathPrefix }),
      encryptionMasterKeyBase64,
    };
  }

  /** What `pusher-js` needs; its first argument is the key of the app. */
  get clientOptions(): TestServerClientOptions {
    const { host, pathPrefix } = this.#state.settings;
    return {
      cluster: 'test',
      wsHost: host,
      wsPort: this.port,
      ...(pathPrefix !== '' && { wsPath: pathPrefix }),
      forceTLS: false,
      enabledTransports: ['ws'],
    };
  }

  /** The first app as a `PUSHER_URL`. */
  get url(): string {
    return this.urlOf();
  }

  /** An app, the first unless named, as a `PUSHER_URL`. */
  urlOf(appId?: string): string {
    const { id, key, secret } = this.#app(appId);
    const { host, pathPrefix } = this.#state.settings;
    const user = [key, secret].map(encodeURIComponent).join(':');
    return `http://${user}@${host}:${this.port}${pathPrefix}/apps/${encodeURIComponent(id)}`;
  }

  /** The events that the HTTP API accepted, oldest first. */
  published(): PublishedEvent[] {
    return this.#state.published.all();
  }

  /** The requests that reached the HTTP API, accepted or not, oldest first. */
  requests(): ReceivedRequest[] {
    return this.#state.requests.all();
  }

  /** The webhooks, sent or about to be, oldest first. */
  webhooks(): SentWebhook[] {
    return this.#state.webhooks.all();
  }

  /** The clients that are connected now. */
  connections(): ConnectionState[] {
    return [...this.#state.apps.values()].flatMap((app) =>
      [...app.connections.values()].map((connection) => connection.state(app.settings.id)),
    );
  }

  /**
   * The first published event, past or to come, that fits and that no earlier call has returned.
   * @throws Error that says what was published instead, after `timeoutMs`
   */
  nextPublished(
    fits: (event: PublishedEvent) => boolean = () => true,
    { timeoutMs = PATIENCE_MS }: WaitOptions = {},
  ): Promise<PublishedEvent> {
    const { waits, published } = this.#state;
    const seen = () =>
      list(
        'Published',
        published.all().map(({ event, channels }) => `${event} on ${channels.join(', ')}`),
      );
    return waits.until(() => published.take(fits), 'a published event', timeoutMs, seen);
  }

  /**
   * The first webhook that fits, that no earlier call has returned, and that the application has
   * answered (or that has nowhere to go). A text means: one with an event of this name.
   * @throws Error that says which webhooks there were instead, after `timeoutMs`
   */
  nextWebhook(
    fits: string | ((webhook: SentWebhook) => boolean) = () => true,
    { timeoutMs = PATIENCE_MS }: WaitOptions = {},
  ): Promise<SentWebhook> {
    const { waits, webhooks } = this.#state;
    const wanted =
      typeof fits === 'string'
        ? ({ events }: SentWebhook) => events.some(({ name }) => name === fits)
        : fits;
    const what = typeof fits === 'string' ? `a webhook ${fits}` : 'a webhook';
    const seen = () =>
      list(
        'Webhooks',
        webhooks.all().flatMap(({ events }) => events.map(({ name }) => name)),
      );
    return waits.until(() => webhooks.take((w) => answered(w) && wanted(w)), what, timeoutMs, seen);
  }

  /**
   * Resolves with the connections on a channel as soon as there are any.
   * @throws Error that says who is subscribed to what, after `timeoutMs`
   */
  waitForSubscription(
    channel: string,
    {
      timeoutMs = PATIENCE_MS,
      count = 1,
      appId,
    }: WaitOptions & { count?: number; appId?: string } = {},
  ): Promise<ConnectionState[]> {
    const onChannel = () =>
      this.connections().filter(
        (each) => each.channels.includes(channel) && (appId === undefined || each.appId === appId),
      );
    const probe = () => {
      const found = onChannel();
      return found.length >= count ? found : undefined;
    };
    const what = `${count} subscription${count === 1 ? '' : 's'} to ${channel}`;
    return this.#state.waits.until(probe, what, timeoutMs, () => this.#whoIsWhere());
  }

  /**
   * Resolves when the condition holds. It is looked at after everything that happens on the server.
   * @throws Error that says what was waited for, after `timeoutMs`
   */
  async until(
    condition: () => boolean,
    what = 'a condition',
    { timeoutMs = PATIENCE_MS }: WaitOptions = {},
  ): Promise<void> {
    const probe = () => (condition() ? true : undefined);
    await this.#state.waits.until(probe, what, timeoutMs, () => this.#whoIsWhere());
  }

  /** Makes the next requests to the HTTP API go wrong. Several faults are used up one after the other. */
  failNext(fault: Fault): void {
    this.#state.faults.add(fault);
  }

  /**
   * Closes all connections with a code, or cuts them without a goodbye. Resolves when they are gone;
   * `pusher-js` comes back after 1000 to 3999 and 4100 to 4299.
   * @param code `cut`, or a close code
   */
  async disconnectAll(code: number | 'cut' = 4200, reason = ''): Promise<void> {
    const all = [...this.#state.apps.values()].flatMap((app) => [...app.connections.values()]);
    for (const connection of all) {
      if (code === 'cut') connection.cut();
      else connection.close(code, reason);
    }
    const gone = new Set(all.map(({ socketId }) => socketId));
    await this.until(
      () => !this.connections().some(({ socketId }) => gone.has(socketId)),
      'all connections to close',
    );
  }

  /** Closes everything and leaves nothing open. A second call waits for the first. */
  stop(): Promise<void> {
    this.#state.stop();
    this.#stopping ??= stopServers(this.#http, this.#sockets);
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #app(appId?: string): AppSettings {
    const { apps } = this.#state.settings;
    const app = appId === undefined ? apps[0] : apps.find(({ id }) => id === appId);
    if (!app)
      throw new Error(`No app "${appId}". There are: ${apps.map(({ id }) => id).join(', ')}.`);
    return app;
  }

  #whoIsWhere(): string {
    return list(
      'Connected',
      this.connections().map(
        ({ socketId, channels }) => `${socketId} on ${channels.join(', ') || 'nothing'}`,
      ),
    );
  }
}

/** Whether the application has answered, or there is nowhere to send to. */
function answered({ url, attempts }: SentWebhook): boolean {
  return url === undefined || attempts.length > 0;
}

/** How long to wait. */
export interface WaitOptions {
  /** @default 4000 */
  timeoutMs?: number;
}

function list(what: string, items: readonly string[]): string {
  return `${what}: ${items.length > 0 ? items.slice(-20).join('; ') : 'none'}.`;
}
