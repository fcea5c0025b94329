import { markMethod, marksOn } from '../../discovery/method-discovery.js';
import type { PatternParams } from '../../protocol/channel-pattern.js';
import type { Webhook } from '../webhook.js';
import {
  type HandledEvent,
  WEBHOOK_HANDLER,
  type WebhookHandlerMark,
  type WebhookHandlerName,
} from './webhook-subscription.js';

/** Which of the events of that name a handler gets. */
export interface OnPusherWebhookOptions<Pattern extends string = string> {
  /**
   * Pattern of the whole channel name, such as `presence-rooms.{roomId}`; its parameters come as the
   * second argument. @default any channel
   */
  channel?: Pattern;
  /** Name of the app. @default any app */
  app?: string;
}

/**
 * Has webhook events given to a method of any provider or controller, from the endpoints that
 * `PusherWebhookController` mounts. The method is called with the event, the parameters of the
 * channel pattern and the whole webhook. A method with several of these gets an event once.
 *
 * ```ts
 * @OnPusherWebhook('member_added', { channel: 'presence-rooms.{roomId}' })
 * joined(event: MemberAddedEvent, params: { roomId: string }, webhook: Webhook) {}
 * ```
 * @param names one name, several, or `'*'` for all events, unknown ones included
 */
export function OnPusherWebhook<Name extends WebhookHandlerName, Pattern extends string = string>(
  names: Name | readonly Name[],
  options: OnPusherWebhookOptions<Pattern> = {},
): WebhookHandlerDecorator<HandledEvent<Name>, PatternParams<Pattern>> {
  return (_target, _key, descriptor) => {
    const method = descriptor.value as object;
    const list = typeof names === 'string' ? [names] : names;
    const subscription = { ...options, names: list };
    const [mark] = marksOn(WEBHOOK_HANDLER, method) as [WebhookHandlerMark?];
    // Decorators run from the lowest to the highest; the subscriptions keep the order of reading.
    if (mark !== undefined) mark.subscriptions.unshift(subscription);
    else markMethod(WEBHOOK_HANDLER, { subscriptions: [subscription] }, method);
  };
}

/** Fits methods that can take such an event and such parameters, and no others. */
export type WebhookHandlerDecorator<Event, Params> = <
  Handler extends (event: Event, params: Params, webhook: Webhook) => unknown,
>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void;
