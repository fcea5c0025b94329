import type { DiscoveredMethod } from '../../discovery/method-discovery.js';
import { ChannelPattern } from '../../protocol/channel-pattern.js';
import type { Webhook } from '../webhook.js';
import { type AnyWebhookEvent, isWebhookEventName } from '../webhook-event.js';
import type { WebhookHandlerMark } from './on-pusher-webhook.decorator.js';

type Params = Record<string, string>;

/** A subscription with its pattern parsed. */
interface Filter {
  readonly names: ReadonlySet<string>;
  readonly pattern?: ChannelPattern;
  readonly app?: string;
}

/** One method marked with `@OnPusherWebhook`. */
export class WebhookHandler {
  readonly #filters: readonly Filter[];

  /**
   * @param id unique among all handlers; the log and the finished events refer to it
   * @throws PatternFault when a channel pattern is not valid
   */
  constructor(
    readonly id: string,
    private readonly method: DiscoveredMethod<WebhookHandlerMark>,
  ) {
    this.#filters = method.mark.subscriptions.map(({ names, channel, app }) => ({
      names: new Set(names),
      ...(channel !== undefined && { pattern: new ChannelPattern(channel) }),
      ...(app !== undefined && { app }),
    }));
  }

  /** The app of each subscription; `undefined` stands for any app. */
  get apps(): (string | undefined)[] {
    return this.#filters.map(({ app }) => app);
  }

  /**
   * The parameters of the channel when the event is for this handler, `undefined` when it is not.
   * @param isWhole whether the event has the fields that belong to its name; without them it is for
   *   `'*'` only, because the types promise the fields to a handler of that name
   */
  match(event: AnyWebhookEvent, app: string, isWhole: boolean): Params | undefined {
    const matchesByName = isWhole || !isWebhookEventName(event.name);
    for (const filter of this.#filters) {
      const params = matchOne(filter, event, app, matchesByName);
      if (params !== undefined) return params;
    }
    return undefined;
  }

  /** Calls the method; a synchronous throw becomes a rejection. */
  call(
    args: readonly [AnyWebhookEvent, Params, Webhook, AbortSignal],
    request: unknown,
  ): Promise<unknown> {
    return this.method.call(args, request);
  }
}

function matchOne(
  { names, pattern, app }: Filter,
  event: AnyWebhookEvent,
  from: string,
  matchesByName: boolean,
): Params | undefined {
  if (!names.has('*') && !(matchesByName && names.has(event.name))) return undefined;
  if (app !== undefined && app !== from) return undefined;
  if (pattern === undefined) return {};
  return typeof event.channel === 'string' ? pattern.match(event.channel) : undefined;
}
