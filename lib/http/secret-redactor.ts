import { redact as redactSignatures } from '../errors/redact.js';
import { safeCause } from '../errors/safe-cause.js';
import type { PusherOptions } from '../options/pusher-options.js';
import { TransportFailure } from './transport/http-transport.js';

const REDACTED = '[redacted]';
/** How much of a response body an error keeps, in characters. */
const KEPT_BODY = 8192;
/** Longer than any secret, so that half of one at the edge of a cut goes with it. */
const EDGE = 1024;
/** Shorter ones would be found in ordinary words, and are not secret. Pusher's have 20 characters. */
const SHORTEST_SECRET = 8;
/** Names of headers, and of options of axios, whose values must not appear in a log. */
const SECRET_NAME = /auth|cookie|key|passw|secret|token/i;
/** How deep axios has secrets: `headers.common.Authorization`. */
const MAX_DEPTH = 3;

/**
 * Removes the secrets of one app from strings that came from elsewhere: a server or proxy that repeats
 * what it was sent, an interceptor that prints what it saw. Signatures and credentials in URLs are
 * removed as well.
 */
export class SecretRedactor {
  readonly #options: PusherOptions;
  #pattern?: RegExp;
  /** The last one that was found to have nothing secret. */
  #safeFailure?: TransportFailure;

  constructor(options: PusherOptions) {
    this.#options = options;
  }

  /** The string without secrets. */
  redact(text: string): string {
    // Built on the first failure: most applications never need it.
    this.#pattern ??= patternFor(this.#options);
    return redactSignatures(text.replace(this.#pattern, REDACTED));
  }

  /** The beginning of a response body, without secrets. */
  excerpt(body: string): string {
    if (body.length <= KEPT_BODY) return this.redact(body);
    return this.redact(body.slice(0, KEPT_BODY + EDGE)).slice(0, -EDGE);
  }

  /** The failure with nothing secret in its message and its cause; the same one if there was nothing. */
  failure(failure: TransportFailure): TransportFailure {
    // At a shutdown, all requests that wait fail with the same one.
    if (failure === this.#safeFailure) return failure;
    const { code, maybeAccepted, cause } = failure;
    const message = this.redact(failure.message);
    if (cause === undefined && message === failure.message) return (this.#safeFailure = failure);
    const safe = cause === undefined ? undefined : this.#error(cause);
    return new TransportFailure(code, message, maybeAccepted, safe);
  }

  #error(error: unknown): Error {
    const copy = safeCause(error);
    copy.message = this.redact(copy.message);
    if (copy.stack !== undefined) copy.stack = this.redact(copy.stack);
    return copy;
  }
}

function patternFor(options: PusherOptions): RegExp {
  const forms = secretsOf(options).flatMap((secret) => [
    secret,
    encoded(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  const distinct = [...new Set(forms)].filter(({ length }) => length >= SHORTEST_SECRET);
  // The longest first: one may begin with another. `(?!)` never matches.
  const sorted = distinct.toSorted((one, two) => two.length - one.length);
  return new RegExp(sorted.map(escape).join('|') || '(?!)', 'g');
}

function secretsOf({ credentials, previousCredentials, masterKey, http }: PusherOptions): string[] {
  const key = masterKey && Buffer.from(masterKey.reveal());
  return [
    ...[credentials, ...previousCredentials].map(({ secret }) => secret.reveal()),
    ...(key ? [key.toString('base64'), key.toString('base64url'), key.toString('hex')] : []),
    ...proxyPassword(http.proxy?.reveal()),
    ...secretsUnder(http.headers?.reveal() ?? {}),
    ...secretsUnder(http.axios?.reveal() ?? {}),
    ...basicCredentials(http.axios?.reveal().auth),
  ];
}

/** The strings under names of secrets, with and without a scheme such as `Bearer`. */
function secretsUnder(values: object, depth = 1, isSecret = false): string[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
    const isNamed = isSecret || SECRET_NAME.test(name);
    if (typeof value === 'string') return isNamed ? [value, value.replace(/^\w+ /, '')] : [];
    const isNested = typeof value === 'object' && value !== null && depth < MAX_DEPTH;
    return isNested ? secretsUnder(value, depth + 1, isNamed) : [];
  });
}

/** As `Authorization: Basic` has them. */
function basicCredentials(auth: { username?: string; password?: string } | undefined): string[] {
  if (auth === undefined) return [];
  const { username = '', password = '' } = auth;
  return [Buffer.from(`${username}:${password}`).toString('base64')];
}

function encoded(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret;
  }
}

function proxyPassword(address: string | undefined): string[] {
  if (address === undefined) return [];
  const url = new URL(address);
  const [username, password] = [url.username, url.password].map(decodeURIComponent);
  if (!password) return [];
  return [password, url.password, ...basicCredentials({ username: username ?? '', password })];
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
