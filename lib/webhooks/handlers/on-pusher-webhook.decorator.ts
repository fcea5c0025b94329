import type { EventSchemas } from '../../events/define-events.js';
import { markMethod, marksOn } from '../../discovery/method-discovery.js';
import { decoratorOptions } from '../../options/validation/decorator-options.js';
import { argumentShape } from '../../protocol/arguments.js';
import type { PatternParams } from '../../protocol/channel-pattern.js';
import type { Webhook } from '../webhook.js';
import type {
  AnyWebhookEvent,
  UnknownWebhookEvent,
  WebhookEventName,
  WebhookEvents,
} from '../webhook-event.js';

/** What a handler can subscribe to: known events, unknown ones by their name, or `'*'` for all events. */
export type WebhookHandlerName = WebhookEventName | '*' | (string & {});

/** The event that a handler of that name receives. */
export type HandledEvent<
  Name extends string,
  Events extends EventSchemas = EventSchemas,
> = Name extends WebhookEventName
  ? WebhookEvents<Events>[Name]
  : Name extends '*'
    ? AnyWebhookEvent
    : UnknownWebhookEvent;

/** Which of the events of that name a handler receives. */
export interface OnPusherWebhookOptions<
  Pattern extends string = string,
  Events extends EventSchemas = EventSchemas,
> {
  /**
   * Pattern of the whole channel name, such as `presence-rooms.{roomId}`; its parameters are the
   * second argument. @default any channel
   */
  channel?: Pattern | undefined;
  /** Name of the app. @default any app */
  app?: string | undefined;
  /**
   * The list of events of the app. The handler then receives client events with their types; it must
   * be the list that the app has in `PusherModule.forRoot({ events })`. @default payloads are unknown
   */
  events?: Events | undefined;
}

const HANDLER_OPTIONS = argumentShape(
  'option',
  "{ channel: 'presence-rooms.{roomId}' }",
  ['channel', 'app', 'events'],
  { channels: 'channel', pattern: 'channel', channelName: 'channel', apps: 'app' },
);

/** One call of a handler: its fourth argument. */
export interface WebhookCall {
  /**
   * Aborts when the handler has taken longer than `webhooks.handlerTimeoutMs`. The event then counts as
   * failed, and a later result is ignored. Created when it is first read.
   */
  readonly signal: AbortSignal;
}

/** Can be applied only to methods that accept this event and these parameters. */
export type WebhookHandlerDecorator<Event, Params, Events extends EventSchemas = EventSchemas> = <
  Handler extends (
    event: Event,
    params: Params,
    webhook: Webhook<Events>,
    call: WebhookCall,
  ) => unknown,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/** Which events a method receives. */
export interface WebhookSubscription {
  readonly names: readonly string[];
  readonly channel?: string | undefined;
  readonly app?: string | undefined;
  readonly events?: EventSchemas | undefined;
}

/** What `@OnPusherWebhook` leaves on a method: one mark, however many decorators the method has. */
export interface WebhookHandlerMark {
  readonly subscriptions: WebhookSubscription[];
}

/** The key under which the mark is found. */
export const WEBHOOK_HANDLER = Symbol.for('nestjs-pusher-channels:webhook-handler');

/**
 * Makes a method of any provider or controller a handler of webhook events from the endpoints that
 * `PusherWebhookController` mounts. The method is called with the event, the parameters of the
 * channel pattern, the whole webhook, and an object whose `signal` aborts when the method has taken
 * longer than `webhooks.handlerTimeoutMs`. A method with several of these receives an event once.
 *
 * ```ts
 * @OnPusherWebhook('member_added', { channel: 'presence-rooms.{roomId}' })
 * joined(event: MemberAddedEvent, params: { roomId: string }, webhook: Webhook) {}
 * ```
 * @param names one name, several, or `'*'` for all events, unknown ones included
 */
export function OnPusherWebhook<
  Name extends WebhookHandlerName,
  Pattern extends string = string,
  Events extends EventSchemas = EventSchemas,
>(
  names: Name | readonly Name[],
  options: OnPusherWebhookOptions<Pattern, Events> = {},
): WebhookHandlerDecorator<HandledEvent<Name, Events>, PatternParams<Pattern>, Events> {
  const given = decoratorOptions(`@OnPusherWebhook('${String(names)}')`, options, HANDLER_OPTIONS);
  return (_target, _key, descriptor) => {
    const method = descriptor.value as object;
    const list = Array.isArray(names) ? names : [names];
    const subscription = { ...given, names: list };
    const [mark] = marksOn(WEBHOOK_HANDLER, method) as [WebhookHandlerMark?];
    // Decorators run from bottom to top; the subscriptions keep the order of reading.
    if (mark !== undefined) mark.subscriptions.unshift(subscription);
    else markMethod(WEBHOOK_HANDLER, { subscriptions: [subscription] }, method);
  };
}
