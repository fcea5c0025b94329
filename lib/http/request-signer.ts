import { md5 } from '../crypto/md5.js';
import { SigningKey } from '../crypto/signing-key.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { Credentials, Endpoint } from '../options/pusher-options.js';
import type { ApiRequest } from './api.js';
import type { SignedRequest } from './http-transport.js';
import { signedQuery } from './sign-request.js';

/** What may stand in a path as it is: servers verify the path as they receive it. */
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;

/** A request made ready to be signed as often as it is sent. */
export interface PreparedRequest {
  readonly method: 'GET' | 'POST';
  /** The path as it travels, without query; safe to show. */
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
   * Turns the body into bytes, once, and takes their digest.
   * @throws PusherValidationError when the path has characters that would have to be encoded
   */
  prepare({ method, path, query, body }: ApiRequest): PreparedRequest {
    if (!PATH.test(path))
      throw new PusherValidationError(
        'path',
        'The path of a request starts with a slash and has only characters that a URL path may have. Put parameters into the query.',
      );
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
