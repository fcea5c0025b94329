import type { CachedEvent, ChannelAttributes, ChannelState } from './channel-attributes.js';
import { fieldsOf } from './json.js';

/** Reads the attributes of one channel, and leaves out those that the server does not report. */
export function readAttributes(value: unknown): ChannelAttributes {
  const fields = fieldsOf(value);
  const attributes: ChannelAttributes = {};
  const userCount = fields['user_count'];
  const subscriptionCount = fields['subscription_count'];
  if (typeof userCount === 'number') attributes.userCount = userCount;
  if (typeof subscriptionCount === 'number') attributes.subscriptionCount = subscriptionCount;
  if (fields['cache'] !== undefined) attributes.cache = readCache(fields['cache']);
  return attributes;
}

/** Reads the response to a query for one channel. */
export function readState(value: unknown): ChannelState {
  return { occupied: fieldsOf(value)['occupied'] === true, ...readAttributes(value) };
}

/**
 * Reads the response of a server whose `cache.data` is the whole frame that it has cached, as JSON:
 * `{"channel":"cache-a","event":"e","data":"the data"}` (sockudo 5.2).
 */
export function readFramedState(value: unknown, channel: string): ChannelState {
  const { cache, ...state } = readState(value);
  if (cache === undefined) return state;
  return { ...state, cache: cache && { ...cache, data: dataInFrame(cache.data, channel) } };
}

/** What is not a frame of this channel is returned as it is: other versions may send the data alone. */
function dataInFrame(json: string, channel: string): string {
  try {
    const frame = fieldsOf(JSON.parse(json) as unknown);
    const { data } = frame;
    if (frame['channel'] !== channel || typeof frame['event'] !== 'string' || data === undefined)
      return json;
    return typeof data === 'string' ? data : JSON.stringify(data);
  } catch {
    return json;
  }
}

/**
 * Reads a map from channel names to their attributes. Servers written in PHP send an empty list for
 * an empty map. The result has no prototype, so a channel may be called `constructor`.
 */
export function readChannels<T>(value: unknown, read: (entry: unknown) => T): Record<string, T> {
  const channels: Record<string, T> = Object.create(null) as Record<string, T>;
  for (const [name, entry] of Object.entries(fieldsOf(value))) channels[name] = read(entry);
  return channels;
}

/** Reads the users of a presence channel. Some servers send numbers; the ids returned are strings. */
export function readUsers(value: unknown): { id: string }[] {
  const users = fieldsOf(value)['users'];
  if (!Array.isArray(users)) return [];
  return users.flatMap((user) => {
    const id = fieldsOf(user)['id'];
    return typeof id === 'string' || typeof id === 'number' ? [{ id: String(id) }] : [];
  });
}

/** Pusher sends `data` and `ttl`; Reverb the whole cached frame, whose `data` is the same. */
function readCache(value: unknown): CachedEvent | null {
  const { data, ttl } = fieldsOf(value);
  if (data === undefined) return null;
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return typeof ttl === 'number' ? { data: text, ttl } : { data: text };
}
