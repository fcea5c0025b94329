import type { DiscoveredMethod } from '../../discovery/method-discovery.js';
import type { EventSchemas } from '../../events/define-events.js';
import { ChannelPattern } from '../../protocol/channel-pattern.js';
import type { Webhook } from '../webhook.js';
import { type AnyWebhookEvent, isWebhookEventName } from '../webhook-event.js';
import type {
  WebhookCall,
  WebhookHandlerMark,
  WebhookSubscription,
} from './on-pusher-webhook.decorator.js';

/** The parameters of a channel's name, by those of the pattern. */
export type Params = Readonly<Record<string, string>>;

/** What one decorator subscribes a method to, with its pattern parsed. */
export class Subscription {
  readonly names: ReadonlySet<string>;
  readonly pattern?: ChannelPattern;
  /** Name of the one app whose events are wanted, `undefined` for all. */
  readonly app: string | undefined;
  /** The list of events whose types the method expects. */
  readonly events: EventSchemas | undefined;

  /** @throws PatternFault when the channel pattern is not valid */
  constructor({ names, channel, app, events }: WebhookSubscription) {
    this.names = new Set(names);
    this.app = app;
    this.events = events;
    if (channel !== undefined) this.pattern = new ChannelPattern(channel);
  }

  /** The decorator, as the log shows it. */
  get label(): string {
    const names = [...this.names].map((name) => `'${name}'`).join(', ');
    const list = this.names.size === 1 ? names : `[${names}]`;
    const channel = this.pattern ? `, { channel: '${this.pattern.text}' }` : '';
    return `@OnPusherWebhook(${list}${channel})`;
  }
}

/** One method marked with `@OnPusherWebhook`. */
export class WebhookHandler {
  /** @param id unique among all handlers; the log and the finished events refer to it */
  constructor(
    readonly id: string,
    readonly subscriptions: readonly Subscription[],
    private readonly method: DiscoveredMethod<WebhookHandlerMark>,
  ) {}

  /**
   * The parameters of the channel when the event is for this handler, `undefined` when it is not.
   * @param isWhole whether the event has the fields that belong to its name; without them it is for
   *   `'*'` only, because the types promise the fields to a handler of that name
   */
  match(event: AnyWebhookEvent, app: string, isWhole: boolean): Params | undefined {
    const matchesByName = isWhole || !isWebhookEventName(event.name);
    for (const subscription of this.subscriptions) {
      const params = matchOne(subscription, event, app, matchesByName);
      if (params !== undefined) return params;
    }
    return undefined;
  }

  /** Calls the method, and returns and throws what it does. */
  call(
    request: unknown,
    event: AnyWebhookEvent,
    params: Params,
    webhook: Webhook,
    call: WebhookCall,
  ): unknown {
    return this.method.call(request, event, params, webhook, call);
  }
}

/** What a handler without a pattern receives. Shared, so that it costs nothing for each event. */
const NO_PARAMS: Params = Object.freeze({});

function matchOne(
  { names, pattern, app }: Subscription,
  event: AnyWebhookEvent,
  from: string,
  matchesByName: boolean,
): Params | undefined {
  if (!(matchesByName && names.has(event.name)) && !names.has('*')) return undefined;
  if (app !== undefined && app !== from) return undefined;
  if (pattern === undefined) return NO_PARAMS;
  return typeof event.channel === 'string' ? pattern.match(event.channel) : undefined;
}
