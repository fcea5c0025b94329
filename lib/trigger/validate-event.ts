import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { type ChannelAttribute, isChannelAttribute } from '../protocol/channel-attributes.js';
import { checkChannel, checkLength, checkSocketId, checkUserId } from '../protocol/checks.js';
import type { PusherLimits } from '../protocol/limits.js';
import { isEncryptedChannel } from '../protocol/names.js';
import type { EventDraft } from './event-draft.js';

/** Names that the protocol keeps for itself; clients swallow or misread events called so. */
const RESERVED = ['pusher:', 'pusher_internal:'];

/**
 * Checks everything about an event but its data, which is measured after encoding. `trigger`,
 * `triggerBatch` and `sendToUser` all come through here.
 * @throws PusherValidationError that names the argument
 */
export function validate(draft: EventDraft, limits: PusherLimits): void {
  const { place } = draft;
  if ('userId' in draft) checkUserId(draft.userId, `${place}userId`, limits);
  else checkChannels(draft, limits);
  checkEventName(draft.event, `${place}event`, limits);
  if (draft.socketId !== undefined) checkSocketId(draft.socketId, `${place}socketId`);
  if (draft.info !== undefined) checkInfo(draft.info, `${place}info`);
}

function checkChannels({ channels, place }: EventDraft, limits: PusherLimits): void {
  for (let at = 0; at < channels.length; at++)
    checkChannel(channels[at], channelArgument(channels, at, place), limits);
  if (channels.length > 1) refuseMixedEncryption(channels, place);
}

function channelArgument(channels: readonly string[], at: number, place: string): string {
  if (place !== '') return `${place}channel`;
  return channels.length === 1 ? 'channels' : `channels[${at}]`;
}

function refuseMixedEncryption(channels: readonly string[], place: string): void {
  const encrypted = channels.find(isEncryptedChannel);
  if (encrypted === undefined) return;
  throw new PusherValidationError(
    `${place}channels`,
    `\`${place}channels\` has the encrypted channel "${encrypted}" and others: each encrypted channel has a key of its own, and a request carries one text for all its channels. Use triggerBatch with one event per channel.`,
  );
}

function checkEventName(event: unknown, argument: string, limits: PusherLimits): void {
  if (typeof event !== 'string' || event === '')
    throw new PusherValidationError(
      argument,
      `\`${argument}\` must be the name of the event, a text that is not empty.`,
    );
  checkLength(event, argument, 'maxEventNameLength', limits);
  const reserved = RESERVED.find((prefix) => event.startsWith(prefix));
  if (reserved !== undefined)
    throw new PusherValidationError(
      argument,
      `\`${argument}\` begins with "${reserved}", which the protocol keeps for itself. Choose another name.`,
    );
}

function checkInfo(info: readonly ChannelAttribute[], argument: string): void {
  const known =
    Array.isArray(info) && info.every((name) => isChannelAttribute(name) && name !== 'cache');
  if (known) return;
  throw new PusherValidationError(
    argument,
    `\`${argument}\` must be a list of 'userCount' and 'subscriptionCount'; nothing else can be asked while publishing.`,
  );
}
