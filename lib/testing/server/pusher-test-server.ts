import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocketServer } from 'ws';
import {
  type Place,
  type TestServerClientOptions,
  type TestServerConnection,
  clientOptionsFor,
  optionsFor,
  urlFor,
} from './addresses.js';
import { type ClientClass, Clients } from './clients.js';
import type { ServerFault } from './faults.js';
import { listen } from './listen.js';
import { ObservedServer } from './observe/observed-server.js';
import type { PusherTestServerOptions } from './options.js';
import { type AppSettings, serverSettings } from './settings.js';
import type { Connection } from './websocket/connection.js';
import { ServerState } from './state.js';
import { stopServers } from './stop.js';
import { webSocketServer } from './websocket/websockets.js';

/**
 * A Channels server in the test process: HTTP API, WebSocket protocol 7 and webhooks, as strict as
 * the real one. Several can run side by side.
 */
export class PusherTestServer extends ObservedServer {
  /** Where the server listens. */
  readonly port: number;
  readonly #state: ServerState;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #clients = new Clients();
  #stopping: Promise<void> | undefined;

  private constructor(state: ServerState, http: Server, sockets: WebSocketServer) {
    super(state);
    this.#state = state;
    this.#http = http;
    this.#sockets = sockets;
    this.port = (http.address() as AddressInfo).port;
  }

  /**
   * Starts a server, on a free port of the loopback interface unless told otherwise.
   * @throws Error when an option is wrong, the port is taken, or the package `ws` is not installed
   */
  static async start(options: PusherTestServerOptions = {}): Promise<PusherTestServer> {
    const state = new ServerState(serverSettings(options));
    const sockets = await webSocketServer(state.settings.limits.maxFrameBytes);
    return new PusherTestServer(state, await listen(state, sockets), sockets);
  }

  /** The key of the first app. */
  get key(): string {
    return this.#app().key;
  }

  /** What the server side needs to reach the first app. */
  get options(): TestServerConnection {
    return this.optionsOf();
  }

  /** What the server side needs to reach an app, the first unless named. */
  optionsOf(appId?: string): TestServerConnection {
    return optionsFor(this.#place, this.#app(appId));
  }

  /** What `pusher-js` needs; its first argument is the key of the app. */
  get clientOptions(): TestServerClientOptions {
    return clientOptionsFor(this.#place);
  }

  /** The first app as a `PUSHER_URL`. */
  get url(): string {
    return this.urlOf();
  }

  /** An app, the first unless named, as a `PUSHER_URL`. */
  urlOf(appId?: string): string {
    return urlFor(this.#place, this.#app(appId));
  }

  /**
   * A client of the first app, connected to this server and ended by `stop()`.
   * @param Pusher the class of `pusher-js`
   * @param options added to `clientOptions`
   */
  client<C extends { disconnect(): void }, Options extends object>(
    Pusher: ClientClass<C, Options>,
    options: Partial<Options> = {},
  ): C {
    const all = { ...this.clientOptions, ...options } as Options;
    return this.#clients.add(new Pusher(this.key, all));
  }

  /** Sends webhooks there from now on: those of one app, or of all. */
  sendWebhooksTo(url: string, appId?: string): void {
    const apps = appId === undefined ? this.#state.settings.apps : [this.#app(appId)];
    for (const app of apps) app.webhookUrl = url;
  }

  /** Makes the next requests to the HTTP API go wrong. Several faults are used up one after another. */
  failNext(fault: ServerFault): void {
    this.#state.faults.add(fault);
  }

  /**
   * Closes all connections, and resolves when they are gone. `pusher-js` comes back at once after
   * 4200 to 4299, a second later after 1000 to 3999, 4100 to 4199 and `cut`, and else never.
   * @param code a close code, or `cut` to end the lines without a goodbye
   */
  async disconnectAll(code: number | 'cut' = 4200, reason = ''): Promise<void> {
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

  /** Closes everything and leaves nothing open. Calling it again is harmless. */
  stop(): Promise<void> {
    this.#clients.disconnect();
    this.#state.stop();
    this.#stopping ??= stopServers(this.#http, this.#sockets);
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #place(): Place {
    return { settings: this.#state.settings, port: this.port };
  }

  #app(appId?: string): AppSettings {
    const { apps } = this.#state.settings;
    const app = appId === undefined ? apps[0] : apps.find(({ id }) => id === appId);
    if (!app)
      throw new Error(`No app "${appId}". There are: ${apps.map(({ id }) => id).join(', ')}.`);
    return app;
  }
}
