import type { Fields } from '../../protocol/wire.js';
import type { WebhookEvent } from '../webhook-event.js';

/** Gives the content of a client event, from the channel and the `data` as it was sent. */
export type ClientDataReader = (channel: string, rawData: unknown) => unknown;

/** Builds a known event field by field. Gives none for unknown names and when a field is not there. */
export function readEvent(
  name: string,
  fields: Fields,
  readData: ClientDataReader,
): WebhookEvent | undefined {
  const channel = fields['channel'];
  if (typeof channel !== 'string') return undefined;
  switch (name) {
    case 'channel_occupied':
    case 'channel_vacated':
    case 'cache_miss':
      return { name, channel };
    case 'member_added':
    case 'member_removed': {
      const userId = idOf(fields['user_id']);
      return userId === undefined ? undefined : { name, channel, userId };
    }
    case 'subscription_count': {
      const subscriptionCount = fields['subscription_count'];
      return typeof subscriptionCount === 'number'
        ? { name, channel, subscriptionCount }
        : undefined;
    }
    case 'client_event':
      return readClientEvent(channel, fields, readData);
    default:
      return undefined;
  }
}

function readClientEvent(
  channel: string,
  fields: Fields,
  readData: ClientDataReader,
): WebhookEvent | undefined {
  const { event, data: rawData } = fields;
  const socketId = idOf(fields['socket_id']);
  const userId = idOf(fields['user_id']);
  if (typeof event !== 'string' || socketId === undefined) return undefined;
  const data = readData(channel, rawData);
  const known = { name: 'client_event', channel, event, data, rawData, socketId } as const;
  return userId === undefined ? known : { ...known, userId };
}

/** Ids are texts; some servers send numbers. */
function idOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
