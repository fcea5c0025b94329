import type { DiscoveredMethod } from '../../discovery/method-discovery.js';
import { ChannelPattern } from '../../protocol/channel-pattern.js';
import type { Webhook } from '../webhook.js';
import {
  type UnknownWebhookEvent,
  type WebhookEvent,
  isWebhookEventName,
} from '../webhook-event.js';
import type { WebhookHandlerMark } from './webhook-subscription.js';

/** An event that a handler may be given. */
export type AnyWebhookEvent = WebhookEvent | UnknownWebhookEvent;

type Params = Record<string, string>;

/** A subscription with its pattern read. */
interface Filter {
  readonly names: ReadonlySet<string>;
  readonly pattern?: ChannelPattern;
  readonly app?: string;
}

/** One method that events are given to. */
export class WebhookHandler {
  readonly #filters: readonly Filter[];

  /**
   * @param id tells the handler apart from all others, in the log and among finished events
   * @throws PatternFault when a channel pattern is none
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

  /** The apps that it wants events of; `undefined` among them stands for any app. */
  get apps(): (string | undefined)[] {
    return this.#filters.map(({ app }) => app);
  }

  /**
   * The parameters of the channel when the event is for this handler, none when it is not.
   * @param isWhole whether the event has what belongs to its name; one that has not is for `'*'` only,
   *   because a handler of that name is promised the fields
   */
  match(event: AnyWebhookEvent, app: string, isWhole: boolean): Params | undefined {
    const named = isWhole || !isWebhookEventName(event.name);
    for (const filter of this.#filters) {
      const params = matchOne(filter, event, app, named);
      if (params !== undefined) return params;
    }
    return undefined;
  }

  call(
    event: AnyWebhookEvent,
    params: Params,
    webhook: Webhook,
    request: unknown,
  ): Promise<unknown> {
    return this.method.call([event, params, webhook], request);
  }
}

function matchOne(
  { names, pattern, app }: Filter,
  event: AnyWebhookEvent,
  from: string,
  named: boolean,
): Params | undefined {
  if (!names.has('*') && !(named && names.has(event.name))) return undefined;
  if (app !== undefined && app !== from) return undefined;
  if (pattern === undefined) return {};
  return typeof event.channel === 'string' ? pattern.match(event.channel) : undefined;
}
