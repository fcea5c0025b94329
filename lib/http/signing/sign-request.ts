import { md5, SigningKey } from '../../crypto/signing-key.js';
import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import type { Credentials, Endpoint } from '../../options/pusher-options.js';
import { quotedGiven } from '../../protocol/names.js';
import type { ApiRequest } from '../api.js';
import type { SignedRequest } from '../transport/http-transport.js';

/** A request, ready to be signed for each attempt. */
export interface PreparedRequest {
  readonly method: 'GET' | 'POST';
  /** The path as it is sent, without query; safe to show. */
  readonly path: string;
  readonly signedPath: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly bodyMd5?: string;
}

/** Signs requests for one app. */
export class RequestSigner {
  readonly #key: string;
  readonly #signingKey: SigningKey;
  readonly #basePath: string;
  readonly #signedBasePath: string;

  constructor({ key, secret }: Credentials, endpoint: Endpoint) {
    const { pathPrefix, appPath, signPathPrefix } = endpoint;
    this.#key = key;
    this.#signingKey = new SigningKey(secret);
    this.#basePath = pathPrefix + appPath;
    this.#signedBasePath = signPathPrefix ? this.#basePath : appPath;
  }

  /**
   * Encodes the body and computes its digest, once for all attempts.
   * @throws PusherValidationError when the path cannot be sent as it is
   */
  prepare({ method, path, query, body }: ApiRequest): PreparedRequest {
    checkPath(path);
    const bytes = body === undefined || body === '' ? undefined : Buffer.from(body, 'utf8');
    return {
      method,
      path: this.#basePath + path,
      signedPath: this.#signedBasePath + path,
      query,
      body: bytes,
      bodyMd5: bytes && md5(bytes),
    };
  }

  /** @param timestamp Unix time in seconds */
  sign(request: PreparedRequest, timestamp: number): SignedRequest {
    const { method, path, signedPath, query, body, bodyMd5 } = request;
    const signed = signedQuery({
      method,
      path: signedPath,
      query,
      bodyMd5,
      key: this.#key,
      signingKey: this.#signingKey,
      timestamp,
    });
    return { method, target: `${path}?${signed}`, body };
  }
}

/** What a signature covers, and whose it is. */
export interface QueryToSign {
  readonly method: string;
  /** The path that the server verifies. */
  readonly path: string;
  /** Parameters besides those of the signature, not percent-encoded. */
  readonly query?: Readonly<Record<string, string>>;
  /** MD5 of the body as lower-case hex; none for an empty body. */
  readonly bodyMd5?: string;
  readonly key: string;
  readonly signingKey: SigningKey;
  /** Unix time in seconds. Servers reject what is 600 seconds or more away from theirs. */
  readonly timestamp: number;
}

/**
 * The query string of a signed request, as it is sent: parameters in the order in which they were
 * signed, names and values percent-encoded, the signature last.
 * @throws PusherValidationError when a parameter is reserved or cannot be encoded
 */
export function signedQuery(parts: QueryToSign): string {
  return parts.query === undefined ? signWithoutQuery(parts) : signWithQuery(parts, parts.query);
}

/** Without parameters besides those of the signature, as in every trigger. They are in order here. */
function signWithoutQuery({
  method,
  path,
  key,
  timestamp,
  bodyMd5,
  signingKey,
}: QueryToSign): string {
  const digest = bodyMd5 === undefined ? '' : `&body_md5=${bodyMd5}`;
  const rest = `&auth_timestamp=${timestamp}&auth_version=1.0${digest}`;
  const signature = signingKey.sign(`${method}\n${path}\nauth_key=${key}${rest}`);
  return `auth_key=${encodeURIComponent(key)}${rest}&auth_signature=${signature}`;
}

function signWithQuery(parts: QueryToSign, query: Readonly<Record<string, string>>): string {
  const pairs = pairsOf(query);
  pairs.push(
    ['auth_key', parts.key],
    ['auth_timestamp', String(parts.timestamp)],
    ['auth_version', '1.0'],
  );
  if (parts.bodyMd5 !== undefined) pairs.push(['body_md5', parts.bodyMd5]);
  pairs.sort(([one], [two]) => (one < two ? -1 : 1));
  // Signed raw, sent encoded: a server decodes before it verifies.
  const raw = pairs.map(([name, value]) => `${name}=${value}`).join('&');
  const encoded = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const signature = parts.signingKey.sign(`${parts.method}\n${parts.path}\n${raw}`);
  return `${encoded}&auth_signature=${signature}`;
}

/** Names are signed, and sent, in lower case: servers lower them before they verify. */
function pairsOf(query: Readonly<Record<string, string>>): [string, string][] {
  const seen = new Set<string>();
  return Object.entries(query).map(([given, value]: [string, unknown]) => {
    const name = given.toLowerCase();
    if (name.startsWith('auth_') || name === 'body_md5')
      throw new PusherValidationError(
        `query.${given}`,
        `\`query.${given}\` is part of the signature. Leave it out; it is added to every request.`,
      );
    if (seen.has(name))
      throw new PusherValidationError(
        `query.${given}`,
        `\`query.${given}\` is given twice, in different letter case. Keep one of them.`,
      );
    if (typeof value !== 'string')
      throw new PusherValidationError(
        `query.${given}`,
        `\`query.${given}\` must be a string. Join the items of a list with commas.`,
      );
    seen.add(name);
    return [name, value];
  });
}

function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new PusherValidationError(
      'query',
      '`query` has half of a surrogate pair, which a URL cannot hold. Send whole characters.',
    );
  }
}

/**
 * What may stand in a path as it is: servers verify the path as they receive it. With `|`, which URLs should
 * not have but all clients send unchanged, because soketi does not decode user ids. Without the segments
 * `.` and `..`, which HTTP clients resolve on the way.
 */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9\-._~!$&'()*+,;=:@%|]*)+$/;

/**
 * Checks what follows `/apps/<id>` in a path.
 * @throws PusherValidationError when it cannot be sent without being changed
 */
export function checkPath(path: unknown): asserts path is string {
  if (typeof path === 'string' && PATH.test(path)) return;
  throw new PusherValidationError(
    'path',
    `\`path\` must be what follows /apps/<id>, such as "/channels"; ${quotedGiven(path)}. It begins with "/" and is percent-encoded where needed; parameters go into \`query\`.`,
  );
}
