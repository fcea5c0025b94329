import { md5 } from '../crypto/digest.js';
import { SigningKey } from '../crypto/signing-key.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { signedQuery } from '../http/signing/sign-request.js';
import type { Credentials } from '../options/pusher-options.js';
import type { Clock } from '../runtime/clock.js';

/** Values of a query; numbers and booleans are sent as strings, `undefined` is left out. */
export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** The request that a query string is signed for. */
export interface QueryStringRequest {
  /** Method of the request. */
  method: 'GET' | 'POST';
  /** The whole path as it is sent, such as `/apps/3/channels`, with the prefix if that is signed. */
  path: string;
  /** Parameters besides those of the signature, not percent-encoded. */
  query?: QueryValues;
  /** The exact body. Its MD5 digest becomes part of the signature. */
  body?: string | Uint8Array;
  /** Unix time in seconds. @default now */
  timestamp?: number;
}

/**
 * Signs a query string for an HTTP client other than ours.
 * @throws PusherValidationError when an argument is invalid or a parameter belongs to the signature
 */
export function signedQueryString(
  request: QueryStringRequest,
  credentials: Credentials,
  clock: Clock,
): string {
  const { method, path, query, body = '', timestamp } = Object(request) as QueryStringRequest;
  if (method !== 'GET' && method !== 'POST')
    throw new PusherValidationError('method', "`method` must be 'GET' or 'POST'.");
  if (typeof path !== 'string' || !path.startsWith('/'))
    throw new PusherValidationError(
      'path',
      '`path` must be the whole path, such as "/apps/3/channels".',
    );
  return signedQuery({
    method,
    path,
    ...(query && { query: toStrings(query) }),
    ...(body.length > 0 && { bodyMd5: md5(body) }),
    key: credentials.key,
    signingKey: new SigningKey(credentials.secret),
    timestamp: timestamp ?? Math.floor(clock.now() / 1000),
  });
}

/**
 * The values as strings.
 * @throws PusherValidationError when a value is a list or an object
 */
export function toStrings(query: QueryValues): Record<string, string> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  for (const [name, value] of given)
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw new PusherValidationError(
        `query.${name}`,
        `\`query.${name}\` must be a string. Join the items of a list with commas.`,
      );
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
