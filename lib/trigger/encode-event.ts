import { channelSecret, encrypt } from '../crypto/encryption.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { PusherOptions } from '../options/pusher-options.js';
import { infoParameter } from '../protocol/channel-attributes.js';
import { isEncryptedChannel } from '../protocol/names.js';
import { toJson } from '../protocol/json.js';
import type { EncodedEvent } from '../publishing/event-publisher.js';
import type { RandomSource } from '../runtime/random.js';
import { checkDataSize, type EventDraft } from './validate-event.js';

/** The options of the app that encoding depends on. */
export type EncodingOptions = Pick<PusherOptions, 'events' | 'limits' | 'masterKey' | 'serialize'>;

/**
 * Turns a valid event into what is sent: its data is serialized once, encrypted once on
 * encrypted channels, and measured as the server measures it. The draft is not changed.
 * @throws PusherValidationError when the data cannot be sent
 */
export function encodeEvent(
  draft: EventDraft,
  options: EncodingOptions,
  random: RandomSource,
): EncodedEvent {
  const [channel = ''] = draft.channels;
  const data = isEncryptedChannel(channel)
    ? encryptedData(draft, channel, options, random)
    : plainData(draft, options.serialize);
  checkDataSize(data, draft, options.limits.maxDataBytes);
  const event: { -readonly [Field in keyof EncodedEvent]: EncodedEvent[Field] } = {
    name: draft.event,
    channels: draft.channels,
    data,
  };
  if (draft.socketId !== undefined) event.socketId = draft.socketId;
  if (draft.info !== undefined && draft.info.length > 0) event.info = infoParameter(draft.info);
  return event;
}

/** A string is sent as it is on channels that are not encrypted. */
function plainData(draft: EventDraft, serialize: EncodingOptions['serialize']): string {
  return typeof draft.data === 'string' ? draft.data : jsonOf(draft, serialize);
}

/** A string is converted to JSON before it is encrypted, as the official Node and PHP packages do. */
function encryptedData(
  draft: EventDraft,
  channel: string,
  { masterKey, serialize }: EncodingOptions,
  random: RandomSource,
): string {
  if (masterKey === undefined) throw withoutMasterKey(draft, channel);
  return encrypt(jsonOf(draft, serialize), channelSecret(channel, masterKey), random);
}

function withoutMasterKey({ prefix }: EventDraft, channel: string): PusherValidationError {
  const argument = prefix === '' ? 'channels' : `${prefix}channel`;
  return new PusherValidationError(
    argument,
    `\`${argument}\` has the encrypted channel "${channel}", but the app has no master key. Set encryptionMasterKeyBase64 (generate one with: openssl rand -base64 32).`,
  );
}

function jsonOf({ data, prefix }: EventDraft, serialize: EncodingOptions['serialize']): string {
  return toJson(
    data,
    `${prefix}data`,
    'Pass plain values, null for an event without data, or set `serialize`.',
    serialize,
  );
}
