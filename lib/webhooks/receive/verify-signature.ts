import { timingSafeEqual } from 'node:crypto';
import type { SigningKey } from '../../crypto/signing-key.js';

/** HMAC-SHA256 in lower-case hex, as the protocol has it. */
const SIGNATURE = /^[0-9a-f]{64}$/;

/** The bytes of the `X-Pusher-Signature` header, `undefined` when it is not a signature. */
export function decodeSignature(header: string): Uint8Array | undefined {
  return SIGNATURE.test(header) ? Buffer.from(header, 'hex') : undefined;
}

/** The candidate whose secret made the signature of exactly these bytes, `undefined` when none did. */
export function verifySignature<Candidate extends { readonly signingKey: SigningKey }>(
  rawBody: Uint8Array | string,
  signature: Uint8Array,
  candidates: readonly Candidate[],
): Candidate | undefined {
  return candidates.find(({ signingKey }) => {
    const expected = signingKey.digest(rawBody);
    // In a time that depends on the lengths only, or signatures could be guessed byte by byte.
    return expected.byteLength === signature.byteLength && timingSafeEqual(expected, signature);
  });
}
