import type { AxiosRequestConfig } from 'axios';
import type { PusherLimits, PusherServer } from '../protocol/limits.js';
import type { Secret } from '../runtime/secret.js';
import type { BatchingOptions } from './batching.options.js';
import type { TlsOptions } from './http.options.js';
import type { RetryOptions } from './retry.options.js';
import type { WebhookDedupeOptions } from './webhook.options.js';

/** A key with its secret, safe to print. */
export interface Credentials {
  readonly key: string;
  readonly secret: Secret;
}

/** Where the API is. */
export interface Endpoint {
  /** Scheme, host and port, such as `https://api-eu.pusher.com`. */
  readonly origin: string;
  /** Starts with a slash and does not end with one; empty when there is none. */
  readonly pathPrefix: string;
  /** `/apps/<id>`, percent-encoded as it travels. */
  readonly appPath: string;
  /** Whether the signature covers `pathPrefix`. */
  readonly signPathPrefix: boolean;
}

/** How requests travel, decided. */
export interface ResolvedHttpOptions {
  readonly maxConnections: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxResponseBytes: number;
  /** Address of the proxy; it may carry credentials. */
  readonly proxy?: Secret;
  readonly tls?: Secret<TlsOptions>;
  readonly headers?: Secret<Readonly<Record<string, string>>>;
  readonly axios?: Secret<AxiosRequestConfig>;
}

/** The options as the rest of the library reads them: checked, complete, and free of open secrets. */
export interface PusherOptions {
  /** Name of the app in this application; `default` for the one without a name. */
  readonly name: string;
  readonly appId: string;
  readonly credentials: Credentials;
  readonly previousCredentials: readonly Credentials[];
  /** The 32 bytes for `private-encrypted-` channels. */
  readonly masterKey?: Secret<Uint8Array>;
  readonly endpoint: Endpoint;
  readonly server: PusherServer;
  readonly limits: Readonly<PusherLimits>;
  readonly timeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly retry: Readonly<Required<RetryOptions>>;
  readonly batching?: Readonly<Required<BatchingOptions>>;
  readonly webhooks: {
    readonly toleranceMs?: number;
    readonly dedupe?: Readonly<WebhookDedupeOptions & { ttlMs: number }>;
  };
  readonly http: ResolvedHttpOptions;
  readonly serialize: (data: unknown) => string;
}

/** The name of the app that was registered without one. */
export const DEFAULT_APP = 'default';
