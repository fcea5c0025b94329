import type { PusherLimits } from '../protocol/limits.js';
import type { Secret } from '../runtime/secret.js';
import type { BatchingSettings } from './batching.options.js';
import type { HttpSettings } from './http.options.js';
import type { PusherModuleSettings } from './pusher-module-options.js';
import type { RetrySettings } from './retry.options.js';
import type { WebhookDedupeSettings, WebhookSettings } from './webhook.options.js';

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
  /** `/apps/<id>`, percent-encoded as it is sent. */
  readonly appPath: string;
  /** Whether the signature covers `pathPrefix`. */
  readonly signPathPrefix: boolean;
}

/** Options of `http` that may hold a secret. */
type SecretHttpOption = 'proxy' | 'tls' | 'headers' | 'axios';

/** The options of `http`, complete, and safe to print. */
export interface ResolvedHttpOptions extends Readonly<Omit<HttpSettings, SecretHttpOption>> {
  /** Set when the application has set `maxConnections`, which is never exceeded then. */
  readonly isMaxConnectionsSet?: true;
  /** Address of the proxy; it may contain credentials. */
  readonly proxy?: Secret;
  readonly tls?: Secret<NonNullable<HttpSettings['tls']>>;
  readonly headers?: Secret<Readonly<NonNullable<HttpSettings['headers']>>>;
  readonly axios?: Secret<NonNullable<HttpSettings['axios']>>;
}

/** Options that become `appId`, `credentials`, `masterKey` and `endpoint`. */
type IdentityOption =
  | 'url'
  | 'appId'
  | 'key'
  | 'secret'
  | 'encryptionMasterKeyBase64'
  | 'cluster'
  | 'host'
  | 'port'
  | 'useTLS'
  | 'pathPrefix'
  | 'signPathPrefix';

/** Options with a different shape once they are resolved. */
type ReshapedOption = 'previousCredentials' | 'limits' | 'retry' | 'batching' | 'webhooks' | 'http';

/** The options as the rest of the library reads them: checked, complete, and safe to print. */
export interface PusherOptions extends Readonly<
  Omit<PusherModuleSettings, IdentityOption | ReshapedOption>
> {
  /** Name of the app in this application; `default` for the one without a name. */
  readonly name: string;
  readonly appId: string;
  readonly credentials: Credentials;
  readonly previousCredentials: readonly Credentials[];
  /** The 32 bytes for `private-encrypted-` channels. */
  readonly masterKey?: Secret<Uint8Array>;
  readonly endpoint: Endpoint;
  readonly limits: Readonly<PusherLimits>;
  readonly retry: Readonly<RetrySettings>;
  readonly batching?: Readonly<BatchingSettings>;
  readonly webhooks: Readonly<Omit<WebhookSettings, 'dedupe'>> & {
    readonly dedupe?: Readonly<WebhookDedupeSettings>;
  };
  readonly http: ResolvedHttpOptions;
}

/** The name of the app that was registered without one. */
export const DEFAULT_APP = 'default';
