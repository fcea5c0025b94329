import type { Member } from '../channels/channel.js';

// The frames that the server sends, as strings. `data` is a JSON string, except in errors.

export interface EventFrame {
  event: string;
  channel: string;
  data?: unknown;
  user_id?: string;
}

const frame = (event: string, data: unknown, channel?: string) =>
  JSON.stringify({ event, ...(channel !== undefined && { channel }), data: JSON.stringify(data) });

export const established = (socketId: string, activityTimeout: number) =>
  frame('pusher:connection_established', {
    socket_id: socketId,
    activity_timeout: activityTimeout,
  });

export const ping = () => frame('pusher:ping', {});

export const pong = () => frame('pusher:pong', {});

export const error = (code: number | null, message: string) =>
  JSON.stringify({ event: 'pusher:error', data: { code, message } });

export const event = (fields: EventFrame) => JSON.stringify(fields);

export const subscribed = (channel: string) =>
  frame('pusher_internal:subscription_succeeded', {}, channel);

export function subscribedToPresence(channel: string, members: Iterable<Member>): string {
  const list = [...members];
  const presence = {
    ids: list.map(({ userId }) => userId),
    hash: Object.fromEntries(list.map(({ userId, userInfo }) => [userId, userInfo ?? null])),
    count: list.length,
  };
  return frame('pusher_internal:subscription_succeeded', { presence }, channel);
}

export const memberAdded = (channel: string, { userId, userInfo }: Member) =>
  frame('pusher_internal:member_added', { user_id: userId, user_info: userInfo }, channel);

export const memberRemoved = (channel: string, userId: string) =>
  frame('pusher_internal:member_removed', { user_id: userId }, channel);

export const cacheMiss = (channel: string) => frame('pusher:cache_miss', {}, channel);

export const subscriptionCount = (channel: string, count: number) =>
  frame('pusher_internal:subscription_count', { subscription_count: count }, channel);

export const signedIn = (userData: string) =>
  frame('pusher:signin_success', { user_data: userData });

export const watchlist = (events: readonly { name: string; user_ids: readonly string[] }[]) =>
  frame('pusher_internal:watchlist_events', { events });
