import {
  type ChannelAuthorization,
  ChannelAuthorizer,
  type UserAuthentication,
} from './auth/signing/channel-authorizer.js';
import { broadcastEvent } from './broadcast/broadcast-event.js';
import type { EventServices } from './broadcast/event-declaration.js';
import type { EventSchemas } from './events/define-events.js';
import type { Api } from './http/api.js';
import {
  type ClientOptionsRequest,
  clientOptionsOf,
  type PusherClientOptions,
} from './options/address/client-options.js';
import type { PusherOptions } from './options/pusher-options.js';
import type { ChannelState } from './protocol/channel-attributes.js';
import type { UserId } from './protocol/user-ids.js';
import { ErrorLocator } from './http/error-locator.js';
import type { PresenceMember, UserData } from './protocol/users.js';
import type { BackgroundPublisher } from './publishing/background/background-publisher.js';
import type { EventPublisher } from './publishing/event-publisher.js';
import { holdEvents } from './publishing/background/held-events.js';
import type { PusherMetrics } from './publishing/metrics.js';
import { type ChannelQuery, type ChannelsQuery, Queries } from './queries/queries.js';
import { rawGet, rawPost } from './queries/raw-requests.js';
import {
  type QueryStringRequest,
  type QueryValues,
  signedQueryString,
} from './queries/signed-query-string.js';
import type { Clock } from './runtime/clock.js';
import type { RandomSource } from './runtime/random.js';
import type {
  AnyEvents,
  BatchEvent,
  BatchResult,
  EventData,
  EventMap,
  EmitOptions,
  EventName,
  TriggerOptions,
  TriggerResult,
  TryTriggerResult,
} from './trigger/trigger-options.js';
import { Triggers } from './trigger/triggers.js';
import { WebhookReceiver } from './webhooks/receive/webhook-receiver.js';
import { type Webhook, type WebhookRequest, checkWebhookRequest } from './webhooks/webhook.js';

/** What a service is built from. The module provides it; tests pass ports of their own. */
export interface PusherServicePorts {
  readonly options: PusherOptions;
  readonly api: Api;
  readonly publisher: EventPublisher;
  readonly background: BackgroundPublisher;
  readonly metrics: () => PusherMetrics;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** The services of all apps. Left out where this one stands for all of them. */
  readonly services?: EventServices | undefined;
  /** Host and port of the server, for errors. Left out where errors come from a test. */
  readonly host?: string;
}

/**
 * One Pusher app. Inject it by its class; give it an event map to have names and payloads
 * type-checked: `constructor(private readonly pusher: PusherService<ChatEvents>) {}`. Methods that
 * send requests reject with the same errors as `trigger`.
 */
export class PusherService<Events extends EventMap = AnyEvents> {
  readonly #ports: PusherServicePorts;
  readonly #triggers: Triggers;
  readonly #queries: Queries;
  readonly #authorizer: ChannelAuthorizer;
  readonly #locator: ErrorLocator;
  readonly #webhooks: WebhookReceiver;

  constructor(ports: PusherServicePorts) {
    const { options, api, clock } = ports;
    this.#ports = ports;
    const locator = new ErrorLocator(ports.host);
    this.#locator = locator;
    this.#triggers = new Triggers({ ...ports, locator });
    this.#queries = new Queries({ api, rules: options, locator });
    this.#authorizer = new ChannelAuthorizer(options);
    this.#webhooks = WebhookReceiver.forApp(options, clock);
  }

  /** How far the server's clock is ahead of ours, in milliseconds; 0 until a request is rejected for it. */
  get clockOffsetMs(): number {
    return this.#ports.api.clockOffsetMs;
  }

  /**
   * Publishes an event on one channel or on several, up to 100 in one request. Resolves when the
   * server has accepted it. A string as `data` is sent as it is, anything else as JSON.
   * @throws PusherValidationError when an argument breaks a rule or a limit; nothing was sent
   * @throws PusherRequestError when the server rejected the request
   * @throws PusherConnectionError when no response was received
   */
  trigger<Name extends EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    data: EventData<Events, Name>,
    options?: TriggerOptions,
  ): Promise<TriggerResult> {
    return this.#triggers.trigger(channels, event, data, options);
  }

  /**
   * Publishes an event that nobody waits for. Arguments are checked and data is serialized at the call;
   * after that nothing is thrown and nothing rejects: a failure is logged, counted by `metrics()`, and
   * passed to `onFailure` of the module. `flush()` and shutdown wait for it. Within `@HoldEvents()` or
   * `holdEvents()` it leaves when that work has succeeded.
   * @throws PusherValidationError when an argument breaks a rule or a limit
   */
  emit<Name extends EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    data: EventData<Events, Name>,
    options?: EmitOptions,
  ): void {
    this.#triggers.emit(channels, event, data, options);
  }

  /**
   * Emits an object of a class with `@Broadcast()`, as that declares it: on its app, or on this one when it
   * names none. As with `emit`, nobody waits for it.
   * @throws PusherValidationError when the class has no `@Broadcast()`, or what it declares breaks a
   *   rule or a limit
   */
  broadcast(event: object, ...noOptions: []): void {
    const serviceOf = (app?: string) =>
      (app === undefined ? undefined : this.#ports.services?.of(app)) ?? this.#triggers;
    broadcastEvent(event, serviceOf, noOptions);
  }

  /**
   * Runs the work and holds what is emitted in it, on every app: the events leave when the work has
   * succeeded, and are dropped when it throws. For a transaction, put it around all of it:
   * `pusher.holdEvents(() => prisma.$transaction(async (tx) => { … }))`. What is triggered is not held.
   */
  holdEvents<Result>(work: () => Result): Result {
    return holdEvents(work);
  }

  /** What has become of the events and requests of this app since it started. Costs nothing to read. */
  metrics(): PusherMetrics {
    return this.#ports.metrics();
  }

  /** Counts a declared event that could not even be emitted. @internal */
  countFailure(): void {
    this.#ports.background.countFailure();
  }

  /** Like `trigger`, but never rejects: the result says whether it succeeded. */
  async tryTrigger<Name extends EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    data: EventData<Events, Name>,
    options?: TriggerOptions,
  ): Promise<TryTriggerResult> {
    try {
      return { ok: true, ...(await this.trigger(channels, event, data, options)) };
    } catch (error) {
      return { ok: false, error: error as Error };
    }
  }

  /**
   * Publishes any number of events, each on one channel, in as few requests as the server's limits
   * allow, one after the other. When a request fails, `accepted` of its error is the number of
   * events that the server had accepted before.
   * @throws PusherValidationError when any of the events is invalid; nothing was sent
   */
  triggerBatch(events: readonly BatchEvent<Events>[], ...noOptions: []): Promise<BatchResult> {
    return this.#triggers.triggerBatch(events, ...noOptions);
  }

  /**
   * Publishes an event to every connection on which the user has signed in (`pusher.signin()`).
   * The server accepts it even when there is none.
   * @param userId one id, or any number of them: the event goes in as few batches as the server's
   * limits allow, one after the other, once to each user; an empty list sends nothing. When a
   * request fails, `accepted` of its error is the number of users that the server had accepted
   * before, in the order of the list.
   * @throws PusherValidationError when any argument is invalid; nothing was sent
   */
  sendToUser<Name extends EventName<Events>>(
    userId: UserId | readonly UserId[],
    event: Name,
    data: EventData<Events, Name>,
    ...noOptions: []
  ): Promise<TriggerResult> {
    return this.#triggers.sendToUser(userId, event, data, ...noOptions);
  }

  /**
   * Closes every connection on which the user has signed in. Clients can reconnect and sign in
   * again, unless the application refuses to authenticate them.
   */
  terminateUserConnections(userId: UserId): Promise<void> {
    return this.#queries.terminateUserConnections(userId);
  }

  /** The occupied channels, by name. The result has no prototype, so every name is safe to look up. */
  channels(query?: ChannelsQuery): Promise<Record<string, ChannelState>> {
    return this.#queries.channels(query);
  }

  /** The state of one channel: `{ occupied: false }` when nobody is subscribed to it. */
  channel(name: string, query?: ChannelQuery): Promise<ChannelState> {
    return this.#queries.channel(name, query);
  }

  /** The users on a presence channel, in no particular order. */
  channelUsers(name: string): Promise<{ id: string }[]> {
    return this.#queries.channelUsers(name);
  }

  /**
   * What `pusher-js` needs to reach this app, without secrets, for clients that receive it from the
   * application: `const { key, ...options } = …; new Pusher(key, options)`.
   * @throws PusherValidationError when an option is not valid
   */
  clientOptions(options?: ClientOptionsRequest): PusherClientOptions {
    return clientOptionsOf(this.#ports.options, options);
  }

  /**
   * Signs what a client needs to subscribe to a private, encrypted or presence channel. The caller
   * decides first whether this user may subscribe; `PusherAuthController` does both.
   * @param member who joins a presence channel; `'signed-in'` to join as the signed-in user
   * @throws PusherValidationError when the socket id, the channel or the member is invalid
   */
  authorizeChannel(
    socketId: string,
    channel: string,
    member?: PresenceMember | 'signed-in',
  ): ChannelAuthorization {
    return this.#authorizer.authorizeChannel(socketId, channel, member);
  }

  /**
   * Signs what a client needs for `pusher.signin()`.
   * @throws PusherValidationError when the socket id or the user is invalid
   */
  authenticateUser(socketId: string, user: UserData): UserAuthentication {
    return this.#authorizer.authenticateUser(socketId, user);
  }

  /**
   * Verifies and parses a webhook that was not received through `@PusherWebhook()` but, for example,
   * from a queue. With the list of the app, `receiveWebhook<typeof events>(…)`, client events are typed.
   * @throws PusherWebhookError when its signature or its content is invalid
   * @throws PusherValidationError when the request is an object with other fields than these two
   */
  receiveWebhook<List extends EventSchemas>(request: WebhookRequest): Webhook<List> {
    checkWebhookRequest(request);
    return this.#webhooks.receive(request) as unknown as Webhook<List>;
  }

  /** A signed GET request to a path that has no method here. `path` is what follows `/apps/<id>`. */
  async get<T = unknown>(path: string, query?: QueryValues): Promise<T> {
    try {
      return (await rawGet(this.#ports.api, path, query)) as T;
    } catch (error) {
      throw this.#locator.locate(error);
    }
  }

  /** A signed POST request to a path that has no method here. Retried like a trigger. */
  async post<T = unknown>(path: string, body?: unknown, query?: QueryValues): Promise<T> {
    try {
      return (await rawPost(this.#ports.api, path, body, query)) as T;
    } catch (error) {
      throw this.#locator.locate(error);
    }
  }

  /**
   * The query string of a signed request, percent-encoded, to send with another HTTP client. For ten
   * minutes anyone who has it can send that request: do not log it.
   * @throws PusherValidationError when an argument is invalid or a parameter belongs to the signature
   */
  createSignedQueryString(request: QueryStringRequest): string {
    const { options, clock } = this.#ports;
    return signedQueryString(request, options.credentials, clock);
  }

  /**
   * Resolves when all requests begun so far have been completed or have failed; never rejects. For
   * serverless functions, which are frozen as soon as they have returned their response.
   */
  async flush(): Promise<void> {
    await this.#ports.publisher.flush();
    await this.#ports.api.settled();
  }
}
