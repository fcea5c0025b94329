import { md5 } from '../../crypto/digest.js';
import { SigningKey } from '../../crypto/signing-key.js';
import type { Credentials, Endpoint } from '../../options/pusher-options.js';
import type { ApiRequest } from '../api.js';
import type { SignedRequest } from '../transport/http-transport.js';
import { checkPath, signedQuery } from './sign-request.js';

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
