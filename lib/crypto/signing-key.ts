import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Secret } from '../runtime/secret.js';

/** SHA-256 works on blocks of 64 bytes and gives 32 (RFC 6234); HMAC pads the key to one block (RFC 2104). */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Room for the message. Longer ones take Node's HMAC, whose fixed cost no longer shows. */
const ROOM_BYTES = 4096;
/** A UTF-16 unit takes three bytes of UTF-8 at most. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * A secret made ready for HMAC-SHA256, the only signature of the protocol. Safe to print.
 *
 * HMAC is two hashes, each behind a block made from the key. With those blocks laid out once and
 * Node's one-shot hash, a signature costs 0.6 of what `createHmac` costs (100 bytes, Node 20).
 */
export class SigningKey {
  readonly #key: KeyObject;
  readonly #inner = Buffer.alloc(BLOCK_BYTES + ROOM_BYTES);
  readonly #outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);

  constructor(secret: Secret) {
    const bytes = Buffer.from(secret.reveal(), 'utf8');
    this.#key = createSecretKey(bytes);
    const block = Buffer.alloc(BLOCK_BYTES);
    block.set(bytes.byteLength > BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes);
    this.#inner.set(block.map((byte) => byte ^ 0x36));
    this.#outer.set(block.map((byte) => byte ^ 0x5c));
  }

  /** The signature of the text as lower-case hex. */
  sign(text: string): string {
    return this.#hmac(text, 'hex');
  }

  /** The 32 bytes of the signature over bytes or text. */
  digest(message: string | Uint8Array): Buffer {
    return Buffer.from(this.#hmac(message, 'binary'), 'binary');
  }

  /** Node makes texts faster than buffers; `binary` is one character for each byte. */
  #hmac(message: string | Uint8Array, encoding: 'hex' | 'binary'): string {
    const end = BLOCK_BYTES + this.#lay(message);
    if (end > this.#inner.byteLength)
      return createHmac('sha256', this.#key).update(message).digest(encoding);
    const digest = hash('sha256', this.#inner.subarray(0, end), 'binary');
    this.#outer.write(digest, BLOCK_BYTES, 'binary');
    return hash('sha256', this.#outer, encoding);
  }

  /** Writes the message behind the inner block and gives its length, or infinity when it may not fit. */
  #lay(message: string | Uint8Array): number {
    if (typeof message === 'string')
      return message.length * MAX_BYTES_PER_UNIT <= ROOM_BYTES
        ? this.#inner.write(message, BLOCK_BYTES, 'utf8')
        : Infinity;
    if (message.byteLength > ROOM_BYTES) return Infinity;
    this.#inner.set(message, BLOCK_BYTES);
    return message.byteLength;
  }
}
