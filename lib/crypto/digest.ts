import { hash, timingSafeEqual } from 'node:crypto';

/** MD5 as lower-case hex: the protocol's checksum of a request body. Not a protection of anything. */
export function md5(data: string | Uint8Array): string {
  return hash('md5', data, 'hex');
}

/** Compares two digests in a time that depends on their lengths only. */
export function sameBytes(one: Uint8Array, two: Uint8Array): boolean {
  return one.byteLength === two.byteLength && timingSafeEqual(one, two);
}
