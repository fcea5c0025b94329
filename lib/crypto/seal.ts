import { hash } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { RandomSource } from '../runtime/random.js';
import type { Secret } from '../runtime/secret.js';

/** NaCl secretbox takes 24 bytes of nonce. */
const NONCE_BYTES = 24;

/**
 * The key of one encrypted channel: SHA-256 over its name and the master key. Not remembered: making
 * it costs a microsecond, sealing ten and more, and a memory would have to be bounded.
 */
export function channelSecret(channel: string, masterKey: Secret<Uint8Array>): Uint8Array {
  const message = Buffer.concat([Buffer.from(channel, 'utf8'), masterKey.reveal()]);
  return Buffer.from(hash('sha256', message, 'binary'), 'binary');
}

/**
 * Seals the text with NaCl secretbox and gives the `data` of the event. Each call takes a new nonce.
 * `@noble/ciphers` against `tweetnacl`: 12 µs to 11 at 1 kB, 60 to 70 at 7.6 kB (Node 20).
 */
export function seal(plaintext: string, key: Uint8Array, random: RandomSource): string {
  const nonce = random.bytes(NONCE_BYTES);
  const box = xsalsa20poly1305(key, nonce).encrypt(Buffer.from(plaintext, 'utf8'));
  return `{"nonce":"${base64(nonce)}","ciphertext":"${base64(box)}"}`;
}

/**
 * Opens what `seal` made.
 * @throws PusherValidationError when it is not sealed data or was sealed with another key
 */
export function open(data: string, key: Uint8Array): string {
  try {
    const { nonce, ciphertext } = JSON.parse(data) as { nonce: string; ciphertext: string };
    const box = xsalsa20poly1305(key, Buffer.from(nonce, 'base64'));
    return Buffer.from(box.decrypt(Buffer.from(ciphertext, 'base64'))).toString('utf8');
  } catch {
    throw new PusherValidationError(
      'data',
      '`data` of the encrypted event cannot be opened: it was sealed with another master key, or changed on its way. Check encryptionMasterKeyBase64 on both sides.',
    );
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
