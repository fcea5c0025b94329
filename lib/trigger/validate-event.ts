import { PusherValidationError } from '../errors/pusher-validation.error.js';
import {
  areChannelAttributes,
  attributeFault,
  type ChannelAttribute,
} from '../protocol/channel-attributes.js';
import type { PusherLimits, ServerRules } from '../protocol/limits.js';
import {
  isEncryptedChannel,
  checkChannel,
  checkEventName,
  checkSocketId,
  quoted,
} from '../protocol/names.js';

/** An event as the caller passed it, before any of it has been checked. */
export interface EventDraft {
  readonly channels: readonly string[];
  /** Whether `channels` are those of users, whose ids have been checked. */
  readonly isForUser?: boolean;
  readonly event: string;
  readonly data: unknown;
  readonly socketId?: string | undefined;
  readonly info?: readonly ChannelAttribute[] | undefined;
  /** What precedes the names of its arguments in errors: `''`, or `events[3].` in a batch. */
  readonly prefix: string;
}

/**
 * Checks everything about an event except its data. `trigger`, `triggerBatch` and `sendToUser` all
 * use it.
 * @throws PusherValidationError that names the argument
 */
export function validateEvent(draft: EventDraft, rules: ServerRules): void {
  const { prefix } = draft;
  if (draft.isForUser !== true) checkChannels(draft, rules.limits);
  checkEventName(draft.event, `${prefix}event`, rules);
  if (draft.socketId !== undefined) checkSocketId(draft.socketId, `${prefix}socketId`);
  if (draft.info !== undefined) checkInfo(draft.info, `${prefix}info`);
}

/**
 * Checks the size of the data as the server counts it: in bytes of UTF-8, after encryption.
 * @param data what is sent, serialized and encrypted
 * @throws PusherValidationError when it is too large
 */
export function checkDataSize(data: string, draft: EventDraft, maxBytes: number): void {
  // A UTF-16 code unit takes at most three bytes of UTF-8, so most events need no count.
  if (data.length * 3 <= maxBytes) return;
  const bytes = Buffer.byteLength(data, 'utf8');
  if (bytes <= maxBytes) return;
  const [channel = ''] = draft.channels;
  const encrypted = isEncryptedChannel(channel) ? ' after encryption' : '';
  throw new PusherValidationError(
    `${draft.prefix}data`,
    `\`${draft.prefix}data\` of ${quoted(draft.event)} on "${channel}" has ${bytes} bytes${encrypted}, ${maxBytes} are allowed. Send less, such as an id with which clients fetch the rest, or raise limits.maxDataBytes if your server accepts more.`,
  );
}

function checkChannels({ channels, prefix }: EventDraft, limits: Readonly<PusherLimits>): void {
  for (let index = 0; index < channels.length; index++)
    checkChannel(channels[index], channelArgument(channels, index, prefix), limits);
  if (channels.length > 1) checkEncryptedAlone(channels, prefix);
}

function channelArgument(channels: readonly string[], index: number, prefix: string): string {
  if (prefix !== '') return `${prefix}channel`;
  return channels.length === 1 ? 'channels' : `channels[${index}]`;
}

function checkEncryptedAlone(channels: readonly string[], prefix: string): void {
  const encrypted = channels.find(isEncryptedChannel);
  if (encrypted === undefined) return;
  throw new PusherValidationError(
    `${prefix}channels`,
    `\`${prefix}channels\` has the encrypted channel "${encrypted}" together with other channels. Each encrypted channel has a key of its own, and a request has one data string for all its channels. Use triggerBatch with one event per channel.`,
  );
}

function checkInfo(info: readonly ChannelAttribute[], argument: string): void {
  if (areChannelAttributes(info) && !info.includes('cache')) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` must be a list of 'userCount' and 'subscriptionCount', the attributes that servers return for events${attributeFault(info)}.`,
  );
}
