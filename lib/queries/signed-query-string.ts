import { SigningKey, md5 } from '../crypto/signing-key.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { signedQuery } from '../http/signing/sign-request.js';
import type { Credentials } from '../options/pusher-options.js';
import {
  argumentShape,
  checkArgument,
  isRecord,
  optional,
  shownName,
  shownValue,
  whatWasGiven,
} from '../protocol/arguments.js';
import { type Bytes, bytesOf } from '../protocol/bytes.js';
import { quoted, quotedGiven } from '../protocol/names.js';
import type { Clock } from '../runtime/clock.js';

/** Values of a query; numbers and booleans are sent as strings, `undefined` is left out. */
export type QueryValues = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/** The request that a query string is signed for. */
export interface QueryStringRequest {
  /** Method of the request. */
  method: 'GET' | 'POST';
  /** The whole path as it is sent, such as `/apps/3/channels`, with the prefix if that is signed. */
  path: string;
  /** Parameters besides those of the signature, not percent-encoded. */
  query?: QueryValues | undefined;
  /** The exact body. Its MD5 digest becomes part of the signature. */
  body?: string | Bytes | undefined;
  /** Unix time in seconds. @default now */
  timestamp?: number | undefined;
}

const REQUEST = argumentShape(
  'field',
  "{ method: 'GET', path: '/apps/3/channels' }",
  ['method', 'path', 'query', 'body', 'timestamp'],
  {
    params: 'query',
    parameters: 'query',
    url: 'path',
    time: 'timestamp',
    authTimestamp: 'timestamp',
  },
);

/** A Unix time in seconds has ten digits until the year 2286; one in milliseconds has thirteen. */
const MAX_SECONDS = 99_999_999_999;

/**
 * Signs a query string for an HTTP client other than ours.
 * @throws PusherValidationError when an argument is invalid or a parameter belongs to the signature
 */
export function signedQueryString(
  request: QueryStringRequest,
  credentials: Credentials,
  clock: Clock,
): string {
  checkArgument(request, 'request', REQUEST);
  const { method, path, query } = request;
  const body = bodyOf(request.body);
  if (method !== 'GET' && method !== 'POST')
    throw new PusherValidationError(
      'method',
      `\`method\` must be 'GET' or 'POST', in upper case; ${quotedGiven(method)}.`,
    );
  if (typeof path !== 'string' || !/^\/[^?#\s]*$/.test(path))
    throw new PusherValidationError(
      'path',
      `\`path\` must be the whole path, such as "/apps/3/channels", without "?", "#" and white space; ${quotedGiven(path)}. Parameters go into \`query\`.`,
    );
  return signedQuery({
    method,
    path,
    ...(optional(query) && { query: toStrings(query) }),
    ...(body.length > 0 && { bodyMd5: md5(body) }),
    key: credentials.key,
    signingKey: new SigningKey(credentials.secret),
    timestamp: secondsOf(request.timestamp) ?? Math.floor(clock.now() / 1000),
  });
}

function bodyOf(body: unknown): string | Uint8Array {
  const given = optional(body) ?? '';
  const bytes = typeof given === 'string' ? given : bytesOf(given);
  if (bytes !== undefined) return bytes;
  throw new PusherValidationError(
    'body',
    `\`body\` must be the exact string or bytes that are sent; ${whatWasGiven(given)}. Convert it once, with JSON.stringify, and send that string.`,
  );
}

function secondsOf(timestamp: unknown): number | undefined {
  const given = optional(timestamp);
  if (given === undefined) return undefined;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 0 && given <= MAX_SECONDS)
    return given;
  throw new PusherValidationError(
    'timestamp',
    `\`timestamp\` must be a Unix time in whole seconds, such as Math.floor(Date.now() / 1000); ${shownValue(given)}.`,
  );
}

/**
 * The values as strings; those that were left out are left out.
 * @throws PusherValidationError when the query is not an object, or a value is a list or an object
 */
export function toStrings(query: QueryValues | null | undefined): Record<string, string> {
  if (query === undefined || query === null) return {};
  if (!isRecord(query))
    throw new PusherValidationError(
      'query',
      `\`query\` must be an object such as { info: 'user_count' }; ${whatWasGiven(query)}.`,
    );
  const given = Object.entries(query).filter(([, value]) => optional(value) !== undefined);
  for (const [name, value] of given) {
    if (name === '' || name !== name.trim())
      throw new PusherValidationError(
        'query',
        `\`query\` has the parameter ${quoted(name)}. Use a name without white space around it.`,
      );
    if (!isQueryValue(value))
      throw new PusherValidationError(
        `query.${shownName(name)}`,
        `\`query.${shownName(name)}\` must be a string; ${shownValue(value)}.${Array.isArray(value) ? ' Join the items with commas.' : ''}`,
      );
  }
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function isQueryValue(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : ['string', 'boolean', 'bigint'].includes(typeof value);
}
