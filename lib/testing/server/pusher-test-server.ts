import type { AddressInfo } from 'node:net';
import {
  type ServerAddress,
  type TestServerClientOptions,
  type TestServerConnection,
  clientOptionsFor,
  connectionFor,
  urlFor,
} from './addresses.js';
import { optional } from '../../protocol/arguments.js';
import type { ServerFault } from './api/faults.js';
import { checkCloseCode, checkUrl } from './check-options.js';
import { type Listening, close, listen } from './listen.js';
import {
  ServerObserver,
  type WaitForOptions,
  type WaitForSubscriptionOptions,
} from './observe/observer.js';
import type {
  ConnectedClient,
  PublishedEvent,
  ReceivedRequest,
  RecordedFrame,
  SentWebhook,
} from './observe/records.js';
import { type AppSettings, type PusherTestServerOptions, serverSettings } from './options.js';
import { ServerState } from './state.js';
import type { WebhookName } from './webhooks/event.js';
import type { Connection } from './websocket/connection.js';

type PusherJsClass<C, Options> = new (key: string, options: Options) => C;

/**
 * The class of `pusher-js`, or a module whose `default` it is. The package is a CommonJS module whose
 * types declare a default export, so what an import returns differs between module systems.
 */
export type PusherJsExport<C, Options> =
  | PusherJsClass<C, Options>
  | { readonly default: PusherJsClass<C, Options> }
  | { readonly default: { readonly default: PusherJsClass<C, Options> } };

/**
 * A Channels server in the test process: HTTP API, WebSocket protocol 7 and webhooks, as strict as
 * the real one. Several can run side by side.
 */
export class PusherTestServer {
  /** The port that the server listens on. */
  readonly port: number;
  readonly #state: ServerState;
  readonly #observer: ServerObserver;
  readonly #listening: Listening;
  /** Made by `client()`. The server disconnects them, or they would try to reconnect for ever. */
  #clients: { disconnect(): void }[] = [];
  #stopping: Promise<void> | undefined;

  private constructor(state: ServerState, listening: Listening) {
    this.#state = state;
    this.#observer = new ServerObserver(state);
    this.#listening = listening;
    this.port = (listening.http.address() as AddressInfo).port;
  }

  /**
   * Starts a server, by default on a free port of the loopback interface.
   * @throws Error when an option is wrong, the port is taken, or the package `ws` is not installed
   */
  static async start(options: PusherTestServerOptions = {}): Promise<PusherTestServer> {
    const state = new ServerState(serverSettings(options));
    return new PusherTestServer(state, await listen(state));
  }

  /** The key of the first app. */
  get key(): string {
    return this.#app().key;
  }

  /** What the server side needs to reach the first app. */
  get options(): TestServerConnection {
    return this.optionsOf();
  }

  /** What the server side needs to reach an app, by default the first. */
  optionsOf(appId?: string): TestServerConnection {
    return connectionFor(this.#address, this.#app(appId));
  }

  /** What `pusher-js` needs; its first argument is the key of the app. */
  get clientOptions(): TestServerClientOptions {
    return clientOptionsFor(this.#address);
  }

  /** The first app as a `PUSHER_URL`. */
  get url(): string {
    return this.urlOf();
  }

  /** An app, by default the first, as a `PUSHER_URL`. */
  urlOf(appId?: string): string {
    return urlFor(this.#address, this.#app(appId));
  }

  /**
   * Creates a client of the first app, connected to this server and disconnected by `stop()`.
   * @param Pusher the class of `pusher-js`, or what `import` of the package returns
   * @param options added to `clientOptions`
   */
  client<C extends { disconnect(): void }, Options extends object>(
    Pusher: PusherJsExport<C, Options>,
    options: Partial<Options> = {},
  ): C {
    const all = { ...this.clientOptions, ...options } as Options;
    const client = new (classIn(Pusher))(this.key, all);
    this.#clients.push(client);
    return client;
  }

  /** The events that the HTTP API accepted, oldest first. */
  published(): PublishedEvent[] {
    return this.#state.recorder.published.all();
  }

  /** The requests that reached the HTTP API, accepted or not, oldest first. */
  requests(): ReceivedRequest[] {
    return this.#state.recorder.requests.all();
  }

  /** The webhooks, sent or about to be, oldest first. */
  webhooks(): SentWebhook[] {
    return this.#state.recorder.webhooks.all();
  }

  /** The frames that clients and server sent to each other, oldest first. */
  frames(): RecordedFrame[] {
    return this.#state.recorder.frames.all();
  }

  /** The clients that are connected now. */
  connections(): ConnectedClient[] {
    return this.#state.connectedClients();
  }

  /**
   * The first published event, past or to come, that matches and that no earlier call has returned.
   * @param match the name of the event, or a predicate
   * @throws Error after `timeoutMs`, which says what was published instead
   */
  nextPublished(
    match: string | ((event: PublishedEvent) => boolean) = () => true,
    options: WaitForOptions = {},
  ): Promise<PublishedEvent> {
    return this.#observer.nextPublished(match, options);
  }

  /**
   * The first webhook, past or to come, that matches, that no earlier call has returned, and that the
   * application has responded to (or that has nowhere to go).
   * @param match the name of an event in it, or a predicate
   * @throws Error after `timeoutMs`, which says what webhooks there were instead
   */
  nextWebhook(
    match: WebhookName | ((webhook: SentWebhook) => boolean) = () => true,
    options: WaitForOptions = {},
  ): Promise<SentWebhook> {
    return this.#observer.nextWebhook(match, options);
  }

  /**
   * The connections on a channel, as soon as there are any.
   * @throws Error after `timeoutMs`, which says who is on which channel
   */
  waitForSubscription(
    channel: string,
    options: WaitForSubscriptionOptions = {},
  ): Promise<ConnectedClient[]> {
    return this.#observer.waitForSubscription(channel, options);
  }

  /**
   * Resolves when the condition holds. It is checked again after everything that happens here.
   * @param what completes the error's "Timed out after … ms waiting for …"
   * @throws Error after `timeoutMs`
   */
  until(
    condition: () => boolean,
    what = 'a condition',
    options: WaitForOptions = {},
  ): Promise<void> {
    return this.#observer.until(condition, what, options);
  }

  /** Sends webhooks there from now on: those of one app, or of all. */
  sendWebhooksTo(url: string, appId?: string): void {
    checkUrl(url, 'url');
    const apps = optional(appId) === undefined ? this.#state.settings.apps : [this.#app(appId)];
    for (const app of apps) app.webhookUrl = url;
  }

  /** Makes the next requests to the HTTP API fail. Several faults are used up one after another. */
  failNext(fault: ServerFault): void {
    this.#state.faults.add(fault);
  }

  /**
   * Closes all connections, and resolves when they are gone. `pusher-js` reconnects at once after
   * 4200 to 4299, a second later after 1000 to 3999, 4100 to 4199 and `cut`, and otherwise never.
   * @param code a close code, or `cut` to end the connections without a close frame
   */
  async disconnectAll(code: number | 'cut' = 4200, reason = ''): Promise<void> {
    checkCloseCode(code, 'code');
    const leaving = [...this.#state.apps.values()].flatMap(({ connections }) => [
      ...connections.values(),
    ]);
    for (const connection of leaving) {
      if (code === 'cut') connection.cut();
      else connection.close(code, reason);
    }
    const stays = (connection: Connection) => this.#state.isConnected(connection);
    await this.until(() => !leaving.some(stays), 'all connections to close');
  }

  /** Closes everything and leaves nothing open. Calling it again does no harm. */
  stop(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    this.#clients = [];
    this.#state.stop();
    this.#stopping ??= close(this.#listening);
    return this.#stopping;
  }

  /** Calls `stop()` at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #address(): ServerAddress {
    return { settings: this.#state.settings, port: this.port };
  }

  #app(appId?: string | null): AppSettings {
    const { apps } = this.#state.settings;
    const wanted = optional(appId);
    const app = wanted === undefined ? apps[0] : apps.find(({ id }) => id === wanted);
    if (!app)
      throw new Error(
        `There is no app "${appId}" on this server. Its apps are: ${apps.map(({ id }) => id).join(', ')}.`,
      );
    return app;
  }
}

/** @throws TypeError when there is no class */
function classIn<C, Options>(given: PusherJsExport<C, Options>): PusherJsClass<C, Options> {
  let found: unknown = given;
  while (typeof found === 'object' && found !== null && 'default' in found) found = found.default;
  if (typeof found === 'function') return found as PusherJsClass<C, Options>;
  throw new TypeError(
    'client() takes the class of pusher-js, or the module that has it as its default export.',
  );
}
