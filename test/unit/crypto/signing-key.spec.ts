import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SigningKey } from '../../../lib/crypto/signing-key.js';
import { Secret } from '../../../lib/runtime/secret.js';

interface Vector {
  id: string;
  secret: string;
  string_to_sign: string;
  query_string: string;
}

const VECTORS = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/signing.json'), 'utf8')) as {
    vectors: Vector[];
  }
).vectors;

function expected(secret: string, message: string | Uint8Array): string {
  return createHmac('sha256', secret).update(message).digest('hex');
}

describe('SigningKey', () => {
  it('has vectors', () => expect(VECTORS.length).toBeGreaterThan(20));

  it.each(VECTORS)('signs the vector $id', (vector) => {
    const signature = new SigningKey(new Secret(vector.secret)).sign(vector.string_to_sign);
    expect(vector.query_string).toContain(`auth_signature=${signature}`);
  });

  it.each([
    ['RFC 4231, case 2', 'Jefe', 'what do ya want for nothing?'],
    ['a secret of exactly one block', 's'.repeat(64), 'text'],
    ['a secret longer than a block', 's'.repeat(65), 'text'],
    ['a secret beyond ASCII', 'Schlüssel 🔑', 'Grüße, 世界'],
    ['an empty string', 'secret', ''],
    ['half a character', 'secret', '\ud83d'],
    ['the longest string that fits', 'secret', 'x'.repeat(1365)],
    ['the shortest string that may not fit', 'secret', '世'.repeat(1366)],
    ['a string of 10 kB', 'secret', 'ü'.repeat(5000)],
  ])('agrees with HMAC: %s', (_case, secret, text) => {
    const key = new SigningKey(new Secret(secret));
    expect(key.sign(text)).toBe(expected(secret, text));
    expect(key.digest(text).toString('hex')).toBe(expected(secret, text));
  });

  it.each([0, 1, 63, 64, 4095, 4096, 4097, 20_000])('agrees with HMAC for %i bytes', (length) => {
    const message = Buffer.alloc(length, 0xc3);
    const digest = new SigningKey(new Secret('secret')).digest(message);
    expect(digest.toString('hex')).toBe(expected('secret', message));
  });

  it('agrees with HMAC whatever was signed before', () => {
    const secret = fc.string({ unit: 'binary', minLength: 1, maxLength: 100 });
    const messages = fc.array(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 3000 }), fc.uint8Array({ maxLength: 5000 })),
    );
    fc.assert(
      fc.property(secret, messages, (text, all) => {
        const key = new SigningKey(new Secret(text));
        for (const message of all)
          expect(key.digest(message).toString('hex')).toBe(expected(text, message));
      }),
    );
  });

  it('returns a new buffer for each digest', () => {
    const key = new SigningKey(new Secret('secret'));
    const first = key.digest('one');
    key.digest('two');
    expect(first.toString('hex')).toBe(expected('secret', 'one'));
  });

  it('shows nothing of the secret', () => {
    const key = new SigningKey(new Secret('very-secret'));
    key.sign('text');
    const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key);
    expect(shown).toBe('SigningKey {}{}');
  });
});
