import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Secret } from '../runtime/secret.js';

/** A secret made ready for HMAC-SHA256, the only signature of the protocol. Safe to print. */
export class SigningKey {
  readonly #key: KeyObject;

  constructor(secret: Secret) {
    this.#key = createSecretKey(secret.reveal(), 'utf8');
  }

  /** The signature of the text as lower-case hex. */
  sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }

  /** The 32 bytes of the signature over bytes or text. */
  digest(message: string | Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(message).digest();
  }
}
