import {
  USER_CHANNEL_PREFIX,
  hasChannelCharacters,
  isSocketId,
  isUserId,
  reservedPrefixOf,
} from '../../../protocol/names.js';
import type { Fields } from '../../../protocol/json.js';
import type { App } from '../app.js';
import type { TestServerLimits } from '../limits.js';
import { ApiError } from './response.js';
import { type AttributeName, attributeNamesIn } from './channel-attributes.js';

/** An event to publish, checked. */
export interface EventInput {
  event: string;
  channels: readonly string[];
  data: string;
  socketId?: string;
  attributes: readonly AttributeName[];
}

/** @throws ApiError when the fields are not a valid event */
export function eventIn(app: App, fields: Fields, channels: unknown): EventInput {
  const { limits } = app.server.settings;
  const event = stringIn(fields, 'name');
  if (event === '' || event.length > limits.maxEventNameLength)
    throw new ApiError(400, `Event name must have 1 to ${limits.maxEventNameLength} characters`);
  if (reservedPrefixOf(event, 'pusher') !== undefined)
    throw new ApiError(400, "The 'pusher' namespace is reserved for internal usage");
  return {
    event,
    channels: channelsIn(channels, limits),
    data: dataIn(fields, limits),
    ...socketIn(fields),
    attributes: attributeNamesIn(app, fields['info'], ['user_count', 'subscription_count']),
  };
}

function dataIn(fields: Fields, { maxDataBytes }: TestServerLimits): string {
  const data = stringIn(fields, 'data');
  if (data === '') throw new ApiError(400, 'Expected data parameter not to be empty');
  if (Buffer.byteLength(data) > maxDataBytes)
    throw new ApiError(
      413,
      `The data content of this event exceeds the allowed maximum (${maxDataBytes} bytes). ` +
        'See https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info',
    );
  return data;
}

function channelsIn(channels: unknown, limits: TestServerLimits): string[] {
  if (!Array.isArray(channels) || channels.length === 0)
    throw new ApiError(400, 'Expected channels parameter to name at least one channel');
  if (channels.length > limits.maxChannelsPerTrigger)
    throw new ApiError(400, `Cannot publish to more than ${limits.maxChannelsPerTrigger} channels`);
  for (const channel of channels) checkChannel(channel, limits);
  return [...new Set(channels as string[])];
}

/** @throws ApiError when the name is not that of a channel that can be published to */
export function checkChannel(name: unknown, limits: TestServerLimits): asserts name is string {
  const isChannel =
    typeof name === 'string' &&
    (hasChannelCharacters(name)
      ? name.length <= limits.maxChannelNameLength
      : isOfUser(name, limits));
  if (!isChannel) throw new ApiError(400, 'Invalid channel name');
}

function isOfUser(name: string, { maxUserIdLength }: TestServerLimits): boolean {
  const id = name.slice(USER_CHANNEL_PREFIX.length);
  return name.startsWith(USER_CHANNEL_PREFIX) && isUserId(id) && id.length <= maxUserIdLength;
}

function socketIn({ socket_id: socketId }: Fields): { socketId?: string } {
  if (socketId === undefined || socketId === null) return {};
  if (typeof socketId === 'string' && isSocketId(socketId)) return { socketId };
  throw new ApiError(400, 'Invalid socket_id');
}

function stringIn(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string')
    throw new ApiError(400, `Expected ${name} parameter to be a string`);
  return value;
}
