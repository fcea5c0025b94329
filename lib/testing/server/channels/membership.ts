import { USER_CHANNEL_PREFIX, channelKind, isCacheChannel } from '../../../protocol/names.js';
import type { App } from '../app.js';
import type { Connection } from '../websocket/connection.js';
import * as frames from '../websocket/frames.js';
import type { Channel, Member } from './channel.js';

/** Puts a connection on a channel and notifies everybody concerned, in the order of the protocol. */
export function join(app: App, connection: Connection, name: string, member?: Member): void {
  const channel = app.channel(name);
  const first = channel.subscriptionCount === 0;
  const newMember = channel.add(connection, member) ? member : undefined;
  connection.channels.add(name);
  if (newMember) channel.broadcast(frames.memberAdded(name, newMember), connection);
  connection.send(
    member ? frames.subscribedToPresence(name, channel.members) : frames.subscribed(name),
  );
  const missed = isCacheChannel(name) && !replayCached(app, connection, name);
  if (first && hasWebhooks(name))
    app.webhooks.addArrival({ name: 'channel_occupied', channel: name });
  if (newMember)
    app.webhooks.addArrival({ name: 'member_added', channel: name, user_id: newMember.userId });
  if (missed) app.webhooks.add({ name: 'cache_miss', channel: name });
  countChanged(app, channel);
  const { socketId } = connection;
  app.record({
    type: 'subscribed',
    socketId,
    channel: name,
    ...(member && { userId: member.userId }),
  });
}

/** Takes a connection off a channel; does nothing when it is not on it. */
export function leave(app: App, connection: Connection, name: string): void {
  const channel = app.channels.get(name);
  if (!channel?.has(connection)) return;
  const gone = channel.remove(connection);
  connection.channels.delete(name);
  if (gone !== undefined) {
    channel.broadcast(frames.memberRemoved(name, gone));
    app.webhooks.addDeparture({ name: 'member_removed', channel: name, user_id: gone });
  }
  if (channel.subscriptionCount === 0) {
    app.channels.delete(name);
    if (hasWebhooks(name)) app.webhooks.addDeparture({ name: 'channel_vacated', channel: name });
  }
  countChanged(app, channel);
  app.record({ type: 'unsubscribed', socketId: connection.socketId, channel: name });
}

function replayCached(app: App, connection: Connection, name: string): boolean {
  const cached = app.cache.get(name);
  connection.send(
    cached
      ? frames.event({ event: cached.event, channel: name, data: cached.data })
      : frames.cacheMiss(name),
  );
  return cached !== undefined;
}

/** The channel of a user belongs to that user alone: the application gets no webhooks for it. */
function hasWebhooks(name: string): boolean {
  return !name.startsWith(USER_CHANNEL_PREFIX);
}

/**
 * Sends subscribers and the application how many connections a channel has: at once as long as they
 * are few, then at most once in an interval, with the number at its end.
 */
function countChanged(app: App, channel: Channel): void {
  const counted = channelKind(channel.name) !== 'presence' && hasWebhooks(channel.name);
  if (!app.settings.subscriptionCount || !counted) return;
  const { timers, settings } = app.server;
  const { subscriptionCountsAtOnce, subscriptionCountIntervalMs } = settings.limits;
  const waitMs = channel.countSentMs + subscriptionCountIntervalMs - timers.now();
  if (channel.subscriptionCount > subscriptionCountsAtOnce && waitMs > 0)
    channel.cancelCount ??= timers.after(waitMs, () => sendCount(app, channel));
  else sendCount(app, channel);
}

function sendCount(app: App, channel: Channel): void {
  channel.cancelCount?.();
  channel.cancelCount = undefined;
  channel.countSentMs = app.server.timers.now();
  const { name, subscriptionCount } = channel;
  channel.broadcast(frames.subscriptionCount(name, subscriptionCount));
  app.webhooks.add({
    name: 'subscription_count',
    channel: name,
    subscription_count: subscriptionCount,
  });
}
