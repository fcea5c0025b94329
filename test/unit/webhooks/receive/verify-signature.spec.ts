import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SigningKey } from '../../../../lib/crypto/signing-key.js';
import { Secret } from '../../../../lib/runtime/secret.js';
import {
  decodeSignature,
  verifySignature,
} from '../../../../lib/webhooks/receive/verify-signature.js';

const BODY = '{"time_ms":1,"events":[]}';

function signatureOf(secret: string, body: string = BODY): Buffer {
  return createHmac('sha256', secret).update(body).digest();
}

function candidate(secret: string): { secret: string; signingKey: SigningKey } {
  return { secret, signingKey: new SigningKey(new Secret(secret)) };
}

describe('verifySignature', () => {
  const candidates = [candidate('current'), candidate('previous'), candidate('another')];

  it.each(['current', 'previous', 'another'])('finds the credentials that signed: %s', (secret) => {
    expect(verifySignature(BODY, signatureOf(secret), candidates)?.secret).toBe(secret);
    expect(verifySignature(Buffer.from(BODY), signatureOf(secret), candidates)?.secret).toBe(
      secret,
    );
  });

  it.each([
    ['of unknown credentials', signatureOf('unknown'), BODY],
    ['of another body', signatureOf('current', `${BODY} `), BODY],
    ['of which the last byte is missing', signatureOf('current').subarray(0, 31), BODY],
    ['with a byte too many', Buffer.concat([signatureOf('current'), Buffer.alloc(1)]), BODY],
    ['that is empty', new Uint8Array(), BODY],
  ])('finds none for a signature %s', (_what, signature, body) => {
    expect(verifySignature(body, signature, candidates)).toBeUndefined();
  });

  it('finds the credentials only for the signature itself, whatever else it is given', () => {
    const right = signatureOf('current');
    const changed = fc
      .tuple(fc.nat(31), fc.integer({ min: 1, max: 255 }))
      .map(([at, by]) => right.map((byte, index) => (index === at ? byte ^ by : byte)));
    const other = fc.oneof(changed, fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(other, (signature) => {
        expect(verifySignature(BODY, signature, candidates)).toBeUndefined();
      }),
    );
  });

  it('finds none without candidates', () => {
    expect(verifySignature(BODY, signatureOf('current'), [])).toBeUndefined();
  });
});

describe('decodeSignature', () => {
  it('returns the bytes of 64 lower-case hex digits', () => {
    expect(decodeSignature('0a'.repeat(32))).toEqual(Buffer.alloc(32, 10));
  });

  it.each([
    '',
    '0a'.repeat(31),
    '0a'.repeat(33),
    '0A'.repeat(32),
    'zz'.repeat(32),
    `${'0a'.repeat(32)}\n`,
    `${'0a'.repeat(32)}, ${'0a'.repeat(32)}`,
  ])('returns undefined for %j', (header) => {
    expect(decodeSignature(header)).toBeUndefined();
  });
});
