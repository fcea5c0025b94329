import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that depends on the lengths only. */
export function sameBytes(one: Uint8Array, two: Uint8Array): boolean {
  return one.byteLength === two.byteLength && timingSafeEqual(one, two);
}
