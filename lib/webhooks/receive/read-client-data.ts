import { channelSecret, decrypt } from '../../crypto/encryption.js';
import { isEncryptedChannel } from '../../protocol/names.js';
import type { Secret } from '../../runtime/secret.js';
import { parseJsonOrText } from './parse-json.js';

/** The content of a client event: opened where it is sealed, then parsed where it is JSON. */
export function readClientData(
  channel: string,
  rawData: unknown,
  masterKey: Secret<Uint8Array> | undefined,
): unknown {
  if (masterKey !== undefined && isEncryptedChannel(channel))
    return openData(channel, rawData, masterKey);
  return typeof rawData === 'string' ? parseJsonOrText(rawData) : rawData;
}

function openData(channel: string, rawData: unknown, masterKey: Secret<Uint8Array>): unknown {
  try {
    // soketi and sockudo hand over what the client sent, which may be the object itself, and may be
    // nested deeper than it can be written.
    const sealed = typeof rawData === 'string' ? rawData : JSON.stringify(rawData ?? null);
    return parseJsonOrText(decrypt(sealed, channelSecret(channel, masterKey)));
  } catch {
    return undefined;
  }
}
