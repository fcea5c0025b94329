import * as crypto from 'node:crypto';

type OneShotHash = (algorithm: string, data: string | Uint8Array, encoding: 'hex') => string;

/** `crypto.hash` came with Node 20.12 and saves the hash object; the type packages hide it before 21. */
const oneShot = (crypto as { hash?: OneShotHash }).hash;

/** MD5 as lower-case hex: the protocol's check sum of a request body. Not a protection of anything. */
export const md5: (data: string | Uint8Array) => string =
  oneShot === undefined
    ? (data) => crypto.createHash('md5').update(data).digest('hex')
    : (data) => oneShot('md5', data, 'hex');
