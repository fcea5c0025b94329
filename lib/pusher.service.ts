import {
  type ChannelAuthorization,
  ChannelAuthorizer,
  type UserAuthentication,
} from './auth/signing/channel-authorizer.js';
import type { EventPublisher } from './publishing/event-publisher.js';
import type { Api } from './http/api.js';
import type { ChannelState } from './protocol/attributes.js';
import type { PresenceMember, UserData } from './protocol/people.js';
import { type ChannelQuery, type ChannelsQuery, Queries } from './queries/queries.js';
import { type QueryStringRequest, QueryStrings } from './queries/query-strings.js';
import type { QueryValues } from './queries/query-values.js';
import { RawRequests } from './queries/raw-requests.js';
import type { PusherServicePorts } from './pusher.service-ports.js';
import type {
  AnyEvents,
  BatchEvent,
  BatchResult,
  EventData,
  EventMap,
  EventName,
  TriggerOptions,
  TriggerResult,
  TryTriggerResult,
} from './trigger/trigger-options.js';
import { Triggers } from './trigger/triggers.js';
import { WebhookReceiver } from './webhooks/receive/webhook-receiver.js';
import type { Webhook, WebhookRequest } from './webhooks/webhook.js';

/**
 * One Pusher app. Inject it by its class; give it a map of events to have their names and payloads
 * checked: `constructor(private readonly pusher: PusherService<ChatEvents>) {}`. Methods that send
 * reject as `trigger` does.
 */
export class PusherService<Events extends EventMap = AnyEvents> {
  readonly #triggers: Triggers;
  readonly #queries: Queries;
  readonly #raw: RawRequests;
  readonly #queryStrings: QueryStrings;
  readonly #authorizer: ChannelAuthorizer;
  readonly #webhooks: WebhookReceiver;
  readonly #publisher: EventPublisher;
  readonly #api: Api;

  constructor(ports: PusherServicePorts) {
    const { options, api, publisher, clock } = ports;
    this.#triggers = new Triggers(ports);
    this.#queries = new Queries({ api, limits: options.limits });
    this.#raw = new RawRequests({ api });
    this.#queryStrings = new QueryStrings({ credentials: options.credentials, clock });
    this.#authorizer = new ChannelAuthorizer(options);
    this.#webhooks = WebhookReceiver.forApp(options, clock);
    this.#publisher = publisher;
    this.#api = api;
  }

  /** How far the server's clock is ahead of ours, in milliseconds, as a refusal has taught; else 0. */
  get clockOffsetMs(): number {
    return this.#api.clockOffsetMs;
  }

  /**
   * Publishes an event on one channel or on several, up to 100 in one request. Resolves when the
   * server has accepted it. A text as `data` travels as it is, anything else as JSON.
   * @throws PusherValidationError when an argument breaks a rule or a limit; nothing was sent
   * @throws PusherRequestError when the server refused
   * @throws PusherConnectionError when no answer came
   */
  trigger<Name extends EventName<Events>>(
    channels: string | readonly string[],
    event: Name,
    data: EventData<Events, Name>,
    options?: TriggerOptions,
  ): Promise<TriggerResult> {
    return this.#triggers.trigger(channels, event, data, options);
  }

  /** As `trigger`, for callers who do not want to catch: it never rejects. */
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
   * allow, one after the other. If one fails, its error's `accepted` says how many events of the
   * list had been accepted before.
   * @throws PusherValidationError before anything is sent, whichever event is at fault
   */
  triggerBatch(events: readonly BatchEvent<Events>[]): Promise<BatchResult> {
    return this.#triggers.triggerBatch(events);
  }

  /**
   * Publishes an event to every connection on which the user has signed in (`pusher.signin()`).
   * It is accepted even when there is none.
   */
  sendToUser<Name extends EventName<Events>>(
    userId: string,
    event: Name,
    data: EventData<Events, Name>,
  ): Promise<TriggerResult> {
    return this.#triggers.sendToUser(userId, event, data);
  }

  /**
   * Closes every connection on which the user has signed in. Clients may come back, unless the
   * application refuses to authenticate them.
   */
  terminateUserConnections(userId: string): Promise<void> {
    return this.#queries.terminateUserConnections(userId);
  }

  /**
   * The occupied channels, by name. The result has no prototype, so every name is safe to look up.
   */
  channels(query?: ChannelsQuery): Promise<Record<string, ChannelState>> {
    return this.#queries.channels(query);
  }

  /** The state of one channel; of one that nobody uses, `{ occupied: false }`. */
  channel(name: string, query?: ChannelQuery): Promise<ChannelState> {
    return this.#queries.channel(name, query);
  }

  /** The users on a presence channel, in no order. */
  channelUsers(name: string): Promise<{ id: string }[]> {
    return this.#queries.channelUsers(name);
  }

  /**
   * Signs what a client needs to subscribe to a private, encrypted or presence channel. Whether this
   * user may is for the caller to decide first; `PusherAuthController` does both.
   * @param member who joins, on presence channels; `'signed-in'` to join as the signed-in user
   * @throws PusherValidationError when socket id, channel or member are not what can be signed
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
   * @throws PusherValidationError when socket id or user are not what can be signed
   */
  authenticateUser(socketId: string, user: UserData): UserAuthentication {
    return this.#authorizer.authenticateUser(socketId, user);
  }

  /**
   * Verifies and reads a webhook that came by another way than `@PusherWebhook()`, such as a queue.
   * @throws PusherWebhookError when it cannot be trusted or read
   */
  receiveWebhook(request: WebhookRequest): Webhook {
    return this.#webhooks.receive(request);
  }

  /** A signed GET to a path that has no method here. `path` is what follows `/apps/<id>`. */
  async get<T = unknown>(path: string, query?: QueryValues): Promise<T> {
    return (await this.#raw.get(path, query)) as T;
  }

  /** A signed POST to a path that has no method here. Tried again only as triggers are. */
  async post<T = unknown>(path: string, body?: unknown, query?: QueryValues): Promise<T> {
    return (await this.#raw.post(path, body, query)) as T;
  }

  /**
   * The query string of a signed request, percent-encoded, for an HTTP client of your own. It is
   * good for ten minutes, for whoever has it: do not log it.
   * @throws PusherValidationError when the query holds a parameter of the signature
   */
  createSignedQueryString(request: QueryStringRequest): string {
    return this.#queryStrings.create(request);
  }

  /**
   * Resolves when everything accepted so far has been answered or has failed; never rejects. For
   * serverless functions, which are frozen once they have answered.
   */
  async flush(): Promise<void> {
    await this.#publisher.flush();
    await this.#api.settled();
  }
}
