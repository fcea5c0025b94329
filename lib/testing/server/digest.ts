import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

// The server's own few lines: sharing them with the library would let one mistake hide another.

/** Lower-case hex HMAC-SHA256, the only signature of the protocol. */
export function hmacHex(secret: string, message: string): string {
  return createHmac('sha256', secret).update(message).digest('hex');
}

/** Lower-case hex MD5, which `body_md5` is. */
export function md5Hex(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** Compares exact characters, in a time that does not reveal where they differ. */
export function isSameString(one: string, two: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(two)];
  return a.length === b.length && timingSafeEqual(a, b);
}
