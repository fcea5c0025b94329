import type { EncodedEvent } from '../publishing/event-publisher.js';
import { channelSecret, encrypt } from '../crypto/encryption.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { PusherOptions } from '../options/pusher-options.js';
import { infoParameter } from '../protocol/channel-attributes.js';
import { isEncryptedChannel } from '../protocol/names.js';
import { quoted } from '../protocol/checks.js';
import { toJson } from '../protocol/to-json.js';
import type { RandomSource } from '../runtime/random.js';
import type { EventDraft } from './event-draft.js';

/** What encoding needs to know of the app. */
export type EncodingOptions = Pick<PusherOptions, 'limits' | 'masterKey' | 'serialize'>;

/**
 * Turns a checked event into what travels: data serialised once, sealed once, and measured as the
 * server measures it. The draft is not changed.
 * @throws PusherValidationError when the data cannot be sent
 */
export function encode(
  draft: EventDraft,
  options: EncodingOptions,
  random: RandomSource,
): EncodedEvent {
  const [channel = ''] = draft.channels;
  const data = isEncryptedChannel(channel)
    ? sealed(draft, channel, options, random)
    : plain(draft, options.serialize);
  measure(data, draft, channel, options.limits.maxDataBytes);
  const event: { -readonly [Part in keyof EncodedEvent]: EncodedEvent[Part] } = {
    name: draft.event,
    channels: draft.channels,
    data,
  };
  if (draft.socketId !== undefined) event.socketId = draft.socketId;
  if (draft.info !== undefined && draft.info.length > 0) event.info = infoParameter(draft.info);
  return event;
}

/** A text travels as it is on plain channels. */
function plain(draft: EventDraft, serialize: EncodingOptions['serialize']): string {
  return typeof draft.data === 'string' ? draft.data : jsonOf(draft, serialize);
}

/** A text is quoted before it is sealed, as the official Node and PHP packages do. */
function sealed(
  draft: EventDraft,
  channel: string,
  { masterKey, serialize }: EncodingOptions,
  random: RandomSource,
): string {
  if (masterKey === undefined) throw withoutMasterKey(draft, channel);
  return encrypt(jsonOf(draft, serialize), channelSecret(channel, masterKey), random);
}

function withoutMasterKey({ place }: EventDraft, channel: string): PusherValidationError {
  const argument = place === '' ? 'channels' : `${place}channel`;
  return new PusherValidationError(
    argument,
    `\`${argument}\` has the encrypted channel "${channel}", and the app has no master key. Set encryptionMasterKeyBase64 (make one with: openssl rand -base64 32).`,
  );
}

function jsonOf({ data, place }: EventDraft, serialize: EncodingOptions['serialize']): string {
  return toJson(
    data,
    `${place}data`,
    'Pass plain values, null for an event without data, or set `serialize`.',
    serialize,
  );
}

function measure(data: string, draft: EventDraft, channel: string, limit: number): void {
  // A UTF-16 unit is at most three bytes of UTF-8, so most events need no count.
  if (data.length * 3 <= limit) return;
  const bytes = Buffer.byteLength(data, 'utf8');
  if (bytes <= limit) return;
  const sealing = isEncryptedChannel(channel) ? ' after sealing' : '';
  throw new PusherValidationError(
    `${draft.place}data`,
    `\`${draft.place}data\` of ${quoted(draft.event)} on "${channel}" has ${bytes} bytes${sealing}, ${limit} are allowed. Send less (an id that the client fetches the rest by), or raise limits.maxDataBytes if your server takes more.`,
  );
}
