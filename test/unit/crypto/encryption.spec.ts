import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import nacl from 'tweetnacl';
import { channelSecret, decrypt, encrypt } from '../../../lib/crypto/encryption.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { RandomSource, SystemRandomSource } from '../../../lib/runtime/random.js';
import { Secret } from '../../../lib/runtime/secret.js';

interface Sealed {
  id: string;
  channel: string;
  encryption_master_key_base64: string;
  data: string;
}

interface Vector extends Sealed {
  plaintext: string;
  nonce_base64: string;
  shared_secret_base64: string;
}

const { vectors: VECTORS, must_fail_to_decrypt: SPOILT } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/encryption.json'), 'utf8'),
) as { vectors: Vector[]; must_fail_to_decrypt: Sealed[] };

/** Returns the same bytes each time. */
class Fixed extends RandomSource {
  constructor(private readonly given: Uint8Array) {
    super();
  }

  float(): number {
    return 0;
  }

  bytes(length: number): Uint8Array {
    return this.given.subarray(0, length);
  }
}

function secretOf({ channel, encryption_master_key_base64: key }: Sealed): Uint8Array {
  return channelSecret(channel, new Secret(Buffer.from(key, 'base64')));
}

describe('encryption', () => {
  it('has vectors', () => expect([VECTORS.length, SPOILT.length]).toEqual([11, 6]));

  it.each(VECTORS)('makes the channel secret of $id', (vector) => {
    expect(Buffer.from(secretOf(vector)).toString('base64')).toBe(vector.shared_secret_base64);
  });

  it.each(VECTORS)('encrypts $id as the official package does', (vector) => {
    const random = new Fixed(Buffer.from(vector.nonce_base64, 'base64'));
    expect(encrypt(vector.plaintext, secretOf(vector), random)).toBe(vector.data);
  });

  it.each(VECTORS)('decrypts $id', (vector) => {
    expect(decrypt(vector.data, secretOf(vector))).toBe(vector.plaintext);
  });

  it.each(SPOILT)('does not decrypt $id', (spoilt) => {
    expect(() => decrypt(spoilt.data, secretOf(spoilt))).toThrow(PusherValidationError);
  });

  it.each(['', 'text', 'null', '[]', '{}', '{"nonce":1,"ciphertext":2}'])(
    'does not decrypt %j',
    (data) => {
      expect(() => decrypt(data, new Uint8Array(32))).toThrow(PusherValidationError);
    },
  );

  it('shows neither key nor data when it cannot decrypt', () => {
    const spoilt = { ...(SPOILT[0] as Sealed), data: '{"nonce":"hidden"}' };
    let shown = '';
    try {
      decrypt(spoilt.data, secretOf(spoilt));
    } catch (error) {
      shown = `${String(error)}${JSON.stringify(error)}`;
    }
    expect(shown).toContain('cannot be decrypted');
    expect(shown).not.toContain('hidden');
    expect(shown).not.toContain(Buffer.from(secretOf(spoilt)).toString('base64'));
  });

  it('takes a new nonce each time', () => {
    const key = new Uint8Array(32);
    const random = new SystemRandomSource();
    expect(encrypt('text', key, random)).not.toBe(encrypt('text', key, random));
  });

  it('agrees with tweetnacl for every text', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const text = fc.string({ unit: 'grapheme', maxLength: 2000 });
    fc.assert(
      fc.property(key, text, (secret, plaintext) => {
        const sealed = encrypt(plaintext, secret, new SystemRandomSource());
        const { nonce, ciphertext } = JSON.parse(sealed) as Record<string, string>;
        const box = Buffer.from(ciphertext ?? '', 'base64');
        const opened = nacl.secretbox.open(box, Buffer.from(nonce ?? '', 'base64'), secret);
        expect(Buffer.from(opened ?? []).toString('utf8')).toBe(plaintext);
        expect(decrypt(sealed, secret)).toBe(plaintext);
      }),
    );
  });

  it('binds the secret to the channel and the master key', () => {
    const masterKey = Buffer.alloc(32, 7);
    const secret = channelSecret('private-encrypted-ü', new Secret<Uint8Array>(masterKey));
    const expected = createHash('sha256').update('private-encrypted-ü').update(masterKey).digest();
    expect(Buffer.from(secret).equals(expected)).toBe(true);
  });
});
