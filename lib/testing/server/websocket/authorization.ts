import type { App } from '../app.js';
import { hmacHex, sameText } from '../digest.js';
import { RefusedFrame } from './refused-frame.js';

/**
 * Checks `key:signature` over a text.
 * @throws RefusedFrame in the words of the cloud
 */
export function checkAuth(
  app: App,
  auth: unknown,
  signed: string,
  code: number | null = null,
): void {
  const [key = '', signature = ''] = splitOnce(typeof auth === 'string' ? auth : '');
  const secret = app.secretOf(key);
  if (secret === undefined)
    throw new RefusedFrame(`Invalid key in subscription auth data: '${key}'`, code);
  if (!sameText(hmacHex(secret, signed), signature))
    throw new RefusedFrame(
      `Invalid signature: Expected HMAC SHA256 hex digest of ${signed}, but got ${signature}`,
      code,
    );
}

function splitOnce(auth: string): string[] {
  const colon = auth.indexOf(':');
  return colon < 0 ? [auth] : [auth.slice(0, colon), auth.slice(colon + 1)];
}
