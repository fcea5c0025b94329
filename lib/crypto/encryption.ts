import { hash } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { RandomSource } from '../runtime/random.js';
import type { Secret } from '../runtime/secret.js';

/** NaCl secretbox takes 24 bytes of nonce. */
const NONCE_BYTES = 24;

/**
 * The key of one encrypted channel: SHA-256 of its name and the master key. Not cached: deriving it
 * takes a microsecond, encrypting ten or more, and a cache would need a bound.
 */
export function channelSecret(channel: string, masterKey: Secret<Uint8Array>): Uint8Array {
  const message = Buffer.concat([Buffer.from(channel, 'utf8'), masterKey.reveal()]);
  return Buffer.from(hash('sha256', message, 'binary'), 'binary');
}

/**
 * Encrypts the string with NaCl secretbox and a new nonce, and returns the `data` of the event.
 * `@noble/ciphers` compared with `tweetnacl`: 12 µs and 11 µs at 1 kB, 60 µs and 70 µs at 7.6 kB
 * (Node 20).
 */
export function encrypt(plaintext: string, key: Uint8Array, random: RandomSource): string {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = xsalsa20poly1305(inThisRealm(key), inThisRealm(nonce));
  const box = cipher.encrypt(inThisRealm(Buffer.from(plaintext, 'utf8')));
  return `{"nonce":"${base64(nonce)}","ciphertext":"${base64(box)}"}`;
}

/**
 * Decrypts what `encrypt` returned.
 * @throws PusherValidationError when it is not encrypted data, or was encrypted with another key
 */
export function decrypt(data: string, key: Uint8Array): string {
  try {
    const { nonce, ciphertext } = JSON.parse(data) as { nonce: string; ciphertext: string };
    const cipher = xsalsa20poly1305(inThisRealm(key), inThisRealm(Buffer.from(nonce, 'base64')));
    const plaintext = cipher.decrypt(inThisRealm(Buffer.from(ciphertext, 'base64')));
    return Buffer.from(plaintext).toString('utf8');
  } catch {
    throw new PusherValidationError(
      'data',
      '`data` of the encrypted event cannot be decrypted: it was encrypted with another master key, or changed on the way. Use the same encryptionMasterKeyBase64 on both sides.',
    );
  }
}

/** In jsdom, a Buffer is not an instance of the global `Uint8Array`, which the cipher insists on. */
function inThisRealm(bytes: Uint8Array): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
