import type { App } from '../app.js';
import * as frames from '../websocket/frames.js';
import type { Channel } from './channel.js';

/**
 * Tells subscribers and the application how many connections a channel has: at once as long as they
 * are few, then at most once in an interval, with the number that holds at its end.
 */
export function tellSubscriptionCount(app: App, channel: Channel): void {
  const { timers, settings } = app.server;
  const { subscriptionCountsAtOnce, subscriptionCountIntervalMs } = settings.limits;
  const waitMs = channel.countToldMs + subscriptionCountIntervalMs - timers.now();
  if (channel.subscriptionCount > subscriptionCountsAtOnce && waitMs > 0) {
    channel.cancelCount ??= timers.after(waitMs, () => tellNow(app, channel));
    return;
  }
  tellNow(app, channel);
}

function tellNow(app: App, channel: Channel): void {
  channel.cancelCount?.();
  channel.cancelCount = undefined;
  channel.countToldMs = app.server.timers.now();
  const { name, subscriptionCount } = channel;
  channel.broadcast(frames.subscriptionCount(name, subscriptionCount));
  app.webhooks.tell({
    name: 'subscription_count',
    channel: name,
    subscription_count: subscriptionCount,
  });
}
