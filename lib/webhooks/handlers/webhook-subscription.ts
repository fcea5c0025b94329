import type {
  UnknownWebhookEvent,
  WebhookEvent,
  WebhookEventName,
  WebhookEvents,
} from '../webhook-event.js';

/** What handlers can ask for: known events, unknown ones by their name, or `'*'` for all of both. */
export type WebhookHandlerName = WebhookEventName | '*' | (string & {});

/** The event that a handler of that name gets. */
export type HandledEvent<Name extends string> = Name extends WebhookEventName
  ? WebhookEvents[Name]
  : Name extends '*'
    ? WebhookEvent | UnknownWebhookEvent
    : UnknownWebhookEvent;

/** Which events go to a method. */
export interface WebhookSubscription {
  readonly names: readonly string[];
  readonly channel?: string;
  readonly app?: string;
}

/** What `@OnPusherWebhook` leaves on a method, once, however often it stands there. */
export interface WebhookHandlerMark {
  readonly subscriptions: WebhookSubscription[];
}

/** The key under which the mark is found. */
export const WEBHOOK_HANDLER = Symbol.for('nestjs-pusher-channels:webhook-handler');
