import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocketServer } from 'ws';
import {
  type Place,
  type TestServerClientOptions,
  type TestServerOptions,
  clientOptionsFor,
  optionsFor,
  urlFor,
} from './addresses.js';
import type { Fault } from './faults.js';
import { listen } from './listen.js';
import type { PusherTestServerOptions } from './options.js';
import type {
  ConnectionState,
  FrameRecord,
  PublishedEvent,
  ReceivedRequest,
  SentWebhook,
} from './records.js';
import { type AppSettings, serverSettings } from './settings.js';
import type { Connection } from './socket/connection.js';
import { ServerState } from './state.js';
import { stopServers } from './stop.js';
import type { SubscriptionWaitOptions, WaitOptions } from './wait-options.js';
import { nextPublished, nextWebhook, subscriptionTo, until } from './waiting.js';
import type { WebhookName } from './webhooks/webhook-event.js';
import { webSocketServer } from './websockets.js';

/**
 * A Channels server in the test process: HTTP API, WebSocket protocol 7 and webhooks, as strict as
 * the real one. Several can run side by side.
 */
export class PusherTestServer {
  /** Where the server listens. */
  readonly port: number;
  readonly #state: ServerState;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  #stopping: Promise<void> | undefined;

  private constructor(state: ServerState, http: Server, sockets: WebSocketServer) {
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
  get options(): TestServerOptions {
    return this.optionsOf();
  }

  /** What the server side needs to reach an app, the first unless named. */
  optionsOf(appId?: string): TestServerOptions {
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

  /** What clients and server said to each other, oldest first. */
  frames(): FrameRecord[] {
    return this.#state.frames.all();
  }

  /** The clients that are connected now. */
  connections(): ConnectionState[] {
    return [...this.#state.apps.values()].flatMap((app) =>
      [...app.connections.values()].map((connection) => connection.state(app.settings.id)),
    );
  }

  /**
   * The first published event, past or to come, that fits and that no earlier call has returned.
   * @param fits the name of the event, or a predicate
   * @throws Error after `timeoutMs`, which says what was published instead
   */
  nextPublished(
    fits: string | ((event: PublishedEvent) => boolean) = () => true,
    options: WaitOptions = {},
  ): Promise<PublishedEvent> {
    return nextPublished(this.#state, fits, options);
  }

  /**
   * The first webhook, past or to come, that fits, that no earlier call has returned, and that the
   * application has answered (or that has nowhere to go).
   * @param fits the name of an event in it, or a predicate
   * @throws Error after `timeoutMs`, which says what webhooks there were instead
   */
  nextWebhook(
    fits: WebhookName | ((webhook: SentWebhook) => boolean) = () => true,
    options: WaitOptions = {},
  ): Promise<SentWebhook> {
    return nextWebhook(this.#state, fits, options);
  }

  /**
   * The connections on a channel, as soon as there are any.
   * @throws Error after `timeoutMs`, which says who is on which channel
   */
  waitForSubscription(
    channel: string,
    options: SubscriptionWaitOptions = {},
  ): Promise<ConnectionState[]> {
    return subscriptionTo(this.#state, () => this.connections(), channel, options);
  }

  /**
   * Resolves when the condition holds. It is looked at again after everything that happens here.
   * @param what completes the sentence "Waited for …" of the error
   * @throws Error after `timeoutMs`
   */
  until(condition: () => boolean, what = 'a condition', options: WaitOptions = {}): Promise<void> {
    return until(this.#state, () => this.connections(), condition, what, options);
  }

  /** Makes the next requests to the HTTP API go wrong. Several faults are used up one after another. */
  failNext(fault: Fault): void {
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
