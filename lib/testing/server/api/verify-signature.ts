import type { App } from '../app.js';
import { hmacHex, md5Hex, isSameString } from '../digest.js';
import { ApiError } from './response.js';

const WINDOW_SECONDS = 600;

/** What was signed: everything but the signature itself. */
export interface SignedParts {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Uint8Array;
}

/**
 * Checks key, version, time, signature and digest of a request, in this order.
 * @throws ApiError with status 401 and the message of the cloud
 */
export function verifySignature(
  request: SignedParts,
  secretOf: App['secretOf'],
  nowMs: number,
): void {
  const { query, body } = request;
  const key = query.get('auth_key');
  if (key === null) throw unauthorized('Missing parameter: auth_key');
  const secret = secretOf(key);
  if (secret === undefined) throw unauthorized('Unknown auth_key');
  const version = query.get('auth_version');
  if (version === null) throw unauthorized('Version required');
  if (version !== '1.0') throw unauthorized('Version not supported');
  checkTime(query.get('auth_timestamp'), nowMs);
  checkSignature(request, secret);
  const md5 = query.get('body_md5');
  if (md5 === null ? body.length > 0 : md5 !== md5Hex(body)) throw unauthorized('Invalid body_md5');
}

function checkTime(timestamp: string | null, nowMs: number): void {
  if (timestamp === null || timestamp === '') throw unauthorized('Timestamp required');
  const given = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : 0;
  const now = Math.floor(nowMs / 1000);
  if (Math.abs(now - given) >= WINDOW_SECONDS)
    throw unauthorized(
      `Timestamp expired: Given timestamp (${isoSeconds(given)}) not within ` +
        `${WINDOW_SECONDS}s of server time (${isoSeconds(now)})`,
    );
}

function checkSignature({ method, path, query }: SignedParts, secret: string): void {
  const given = query.get('auth_signature');
  const parameters = canonical(query);
  // The decoded path counts too: the official package signs what its HTTP layer then escapes.
  const matches = [path, decoded(path)].some(
    (signedPath) =>
      given !== null &&
      isSameString(given, hmacHex(secret, toSign(method, signedPath, parameters))),
  );
  if (matches) return;
  const expected = JSON.stringify(toSign(method, path, parameters));
  throw unauthorized(
    `Invalid signature: you should have sent HmacSHA256Hex(${expected}, your_secret_key), ` +
      `but you sent ${given === null ? 'nil' : JSON.stringify(given)}`,
  );
}

function toSign(method: string, path: string, parameters: string): string {
  return [method.toUpperCase(), path, parameters].join('\n');
}

/** Lower-case names in code-unit order, nothing escaped, the signature left out. */
function canonical(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name !== 'auth_signature')
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+/, '');
}

function unauthorized(message: string): ApiError {
  return new ApiError(401, message);
}
