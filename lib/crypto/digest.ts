import { hash } from 'node:crypto';

/** MD5 as lower-case hex: the protocol's checksum of a request body. Not a protection of anything. */
export function md5(data: string | Uint8Array): string {
  return hash('md5', data, 'hex');
}
