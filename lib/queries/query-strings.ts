import { md5 } from '../crypto/md5.js';
import { SigningKey } from '../crypto/signing-key.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { signedQuery } from '../http/signing/sign-request.js';
import type { Credentials } from '../options/pusher-options.js';
import type { Clock } from '../runtime/clock.js';
import { type QueryValues, textsOf } from './query-values.js';

/** What a query string is signed for. */
export interface QueryStringRequest {
  /** Method of the request. */
  method: 'GET' | 'POST';
  /** The whole path as it travels, such as `/apps/3/channels`, with the prefix if it is signed. */
  path: string;
  /** Parameters besides those of the signature, not percent-encoded. */
  query?: QueryValues;
  /** The exact body. Its check sum becomes part of the signature. */
  body?: string | Uint8Array;
  /** Unix time in seconds. @default now */
  timestamp?: number;
}

/** Signs query strings for HTTP clients other than ours. */
export class QueryStrings {
  readonly #key: string;
  readonly #signingKey: SigningKey;
  readonly #clock: Clock;

  constructor(ports: { credentials: Credentials; clock: Clock }) {
    this.#key = ports.credentials.key;
    this.#signingKey = new SigningKey(ports.credentials.secret);
    this.#clock = ports.clock;
  }

  create(request: QueryStringRequest): string {
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
      ...(query && { query: textsOf(query) }),
      ...(body.length > 0 && { bodyMd5: md5(body) }),
      key: this.#key,
      signingKey: this.#signingKey,
      timestamp: timestamp ?? Math.floor(this.#clock.now() / 1000),
    });
  }
}
