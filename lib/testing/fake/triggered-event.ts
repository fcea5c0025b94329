import type { EncodedEvent } from '../../publishing/event-publisher.js';
import { channelSecret, decrypt } from '../../crypto/encryption.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { USER_CHANNEL_PREFIX, isEncryptedChannel } from '../../protocol/names.js';

/** An event that was triggered on a fake service. */
export interface TriggeredEvent {
  /** The channels of the event; none for an event to a user. */
  readonly channels: readonly string[];
  /** The user the event was for, when it came from `sendToUser`. */
  readonly userId?: string;
  /** Name of the event. */
  readonly event: string;
  /** What a client receives: decrypted, and parsed when it is JSON. */
  readonly data: unknown;
  /** The connection that was left out. */
  readonly socketId?: string;
}

/** Decrypts and parses an event, as pusher-js does. */
export function readTriggered(
  { channels, name, data, socketId }: EncodedEvent,
  masterKey: PusherOptions['masterKey'],
): TriggeredEvent {
  const [channel = ''] = channels;
  const isForUser = channel.startsWith(USER_CHANNEL_PREFIX);
  const text =
    masterKey !== undefined && isEncryptedChannel(channel)
      ? decrypt(data, channelSecret(channel, masterKey))
      : data;
  return {
    channels: isForUser ? [] : channels,
    ...(isForUser && { userId: channel.slice(USER_CHANNEL_PREFIX.length) }),
    event: name,
    data: parsed(text),
    ...(socketId !== undefined && { socketId }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
