import type { App } from '../app.js';
import { hmacHex, isSameString } from '../digest.js';
import { FrameError } from './received-frame.js';

/**
 * Checks `key:signature` over the signed string.
 * @throws FrameError with the message of the cloud
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
    throw new FrameError(`Invalid key in subscription auth data: '${key}'`, code);
  if (!isSameString(hmacHex(secret, signed), signature))
    throw new FrameError(
      `Invalid signature: Expected HMAC SHA256 hex digest of ${signed}, but got ${signature}`,
      code,
    );
}

function splitOnce(auth: string): string[] {
  const colon = auth.indexOf(':');
  return colon < 0 ? [auth] : [auth.slice(0, colon), auth.slice(colon + 1)];
}
