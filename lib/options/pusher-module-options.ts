import type { PusherLimits, PusherServer } from '../protocol/limits.js';
import type { BatchingOptions } from './batching.options.js';
import type { HttpOptions } from './http.options.js';
import type { RetryOptions } from './retry.options.js';
import type { WebhookOptions } from './webhook.options.js';

/** A key with its secret. */
export interface PusherCredentials {
  /** Names the token; clients know it too. */
  key: string;
  /** What it signs with; only servers know it. */
  secret: string;
}

/**
 * What an application writes. Without `url`, `appId`, `key` and `secret` the app and its address
 * come from the environment: `PUSHER_URL`, or `PUSHER_APP_ID`, `PUSHER_APP_KEY`, `PUSHER_APP_SECRET`
 * with `PUSHER_APP_CLUSTER`, `PUSHER_HOST`, `PUSHER_PORT`, `PUSHER_SCHEME`, `PUSHER_PATH_PREFIX`.
 */
export interface PusherModuleOptions {
  /** `https://KEY:SECRET@host[:port][/prefix]/apps/APP_ID`, in place of the single parts. */
  url?: string;
  /** Id of the app. It need not be a number. */
  appId?: string | number;
  /** Key of the app; clients know it too. */
  key?: string;
  /** Secret of the app; only servers know it. */
  secret?: string;
  /** Pusher's cluster, such as `eu`: the host is then `api-eu.pusher.com`. */
  cluster?: string;
  /** Host of the API, without scheme and port. Wins over `cluster`. @default api.pusherapp.com */
  host?: string;
  /** Port of the API. @default 443, or 80 without TLS */
  port?: number;
  /** What stands before `/apps` in the path, such as `/pusher`. @default nothing */
  pathPrefix?: string;
  /** Whether the signature covers `pathPrefix`. @default true, `false` for `server: 'reverb'` */
  signPathPrefix?: boolean;
  /** Speak HTTPS. @default true */
  useTLS?: boolean;
  /** Which server this is; it decides the limits. @default 'pusher' */
  server?: PusherServer;
  /** Limits of the server where they differ from those of `server`. @default those of `server` */
  limits?: Partial<PusherLimits>;
  /** Time for one attempt in milliseconds: waiting for a connection, connecting, head and body. @default 5000 */
  timeoutMs?: number;
  /** Time for sending what is queued when the application shuts down, in milliseconds. @default 5000 */
  shutdownTimeoutMs?: number;
  /** How failed requests are tried again, `false` for never. @default the defaults of `RetryOptions` */
  retry?: RetryOptions | false;
  /** Gather events into batches while the line is busy. `true` takes the defaults. @default false */
  batching?: BatchingOptions | boolean;
  /**
   * 32 bytes in base64, for `private-encrypted-` channels. Where the app comes from the environment,
   * so does this: `PUSHER_ENCRYPTION_MASTER_KEY`.
   */
  encryptionMasterKeyBase64?: string;
  /** Tokens that were replaced and are still accepted for webhooks. @default none */
  previousCredentials?: readonly PusherCredentials[];
  /** How webhooks are accepted. @default of any age, and without `dedupe` */
  webhooks?: WebhookOptions;
  /** How requests travel. @default the defaults of `HttpOptions` */
  http?: HttpOptions;
  /** Turns data into text. Must not return `undefined`. @default JSON.stringify */
  serialize?: (data: unknown) => string;
}
