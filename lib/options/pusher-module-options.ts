import { isEventSchema } from '../events/check-payload.js';
import type { EventSchemas } from '../events/define-events.js';
import type { PublishFailure } from '../protocol/publish-failure.js';
import { whatWasGiven } from '../protocol/arguments.js';
import { hasFields } from '../protocol/json.js';
import { quoted } from '../protocol/names.js';
import { LIMITS, type PusherLimits, type PusherServer } from '../protocol/limits.js';
import { isHost, isPlainPath } from './address/host-and-path.js';
import { type BatchingOptions, BatchingSettings } from './batching.options.js';
import { type HttpOptions, HttpSettings } from './http.options.js';
import { type RetryOptions, RetrySettings } from './retry.options.js';
import {
  HOUR_MS,
  check,
  checkBy,
  flag,
  group,
  groupOrBoolean,
  isCleanString,
  isQuoted,
  listOf,
  oneOf,
  port,
  requiredString,
  wholeNumber,
} from './validation/rules.js';
import { type WebhookOptions, WebhookSettings } from './webhook.options.js';
import type { Optional } from './given-options.js';

const GIB = 2 ** 30;

/** The token under which Nest provides a bus, such as the class `EventEmitter2` or `EventBus`. */
export type BroadcastSource = string | symbol | (abstract new (...args: never[]) => object);

/** A key with its secret. */
export class PusherCredentials {
  /** Key of the app; clients know it too. */
  @requiredString('the key that was replaced')
  key!: string;

  /** Secret of the app, which signs; only servers know it. */
  @requiredString('the secret that was replaced')
  secret!: string;
}

/** The rules of `limits`, which protocol/limits.ts describes. */
export class LimitSettings implements PusherLimits {
  @wholeNumber('channels', 1, 100_000) maxChannelsPerTrigger!: number;
  @wholeNumber('events', 1, 100_000) maxEventsPerBatch!: number;
  @wholeNumber('characters', 1, 10_000) maxChannelNameLength!: number;
  @wholeNumber('characters', 1, 10_000) maxEventNameLength!: number;
  @wholeNumber('bytes', 1, GIB) maxDataBytes!: number;
  @wholeNumber('bytes', 1, GIB) maxRequestBytes!: number;
  @wholeNumber('characters', 1, 10_000) maxUserIdLength!: number;
  @wholeNumber('bytes', 1, GIB) maxUserDataBytes!: number;
}

/**
 * The options of the module, with defaults and rules. An option that is added here reaches
 * `PusherOptions` as it is; one that holds a secret has to be wrapped in `resolveOptions`.
 */
export class PusherModuleSettings {
  /** `https://KEY:SECRET@host[:port][/prefix]/apps/APP_ID`, instead of the single parts. */
  @check('must be a string', (value) => typeof value === 'string' && !isQuoted(value))
  url?: string;

  /** Id of the app. It does not have to be a number. */
  @check('must be the id of the app, a string or a number, from the "App Keys" page', isAppId)
  appId?: string | number;

  /** Key of the app; clients know it too. */
  @check('must be the key of the app, from the "App Keys" page, without ":" and spaces', isKey)
  key?: string;

  /** Secret of the app; only servers know it. */
  @check('must be the secret of the app, from the "App Keys" page', isCleanString)
  secret?: string;

  /** Pusher's cluster, such as `eu`: the host is then `api-eu.pusher.com`. */
  @check('must be the short name of a cluster, such as "eu" or "mt1"', isCluster)
  cluster?: string;

  /** Host of the API, without scheme and port. Takes precedence over `cluster`. @default api.pusherapp.com */
  @check(
    'must be a host name or IP address, such as "localhost", without scheme, port, path, credentials or spaces. For these use `url`, or `port`, `useTLS` and `pathPrefix`',
    isHost,
  )
  host?: string;

  /** Port of the API. @default 443, or 80 without TLS */
  @port()
  port?: number;

  /** Path of the server before `/apps`, such as `/pusher`. @default none */
  @check('must be a plain path such as "/pusher", without "..", "?" or "#"', isPlainPath)
  pathPrefix?: string;

  /** Whether the signature covers `pathPrefix`. @default true, `false` for `server: 'reverb'` */
  @flag()
  signPathPrefix?: boolean;

  /** Use HTTPS. @default true */
  @flag()
  useTLS = true;

  /** Kind of server; sets the limits. @default 'pusher' */
  @oneOf(Object.keys(LIMITS))
  server: PusherServer = 'pusher';

  /** Limits that differ from those of `server`. @default none */
  @group(LimitSettings)
  limits: Optional<PusherLimits> = {};

  /**
   * Time for one attempt once it has a connection, in milliseconds: connecting, sending, receiving the
   * response. The wait for a connection counts towards `retry.deadlineMs`. @default 5000
   */
  @wholeNumber('milliseconds', 1, HOUR_MS)
  timeoutMs = 5000;

  /** Time to finish what is queued or in flight when the application closes, in milliseconds. @default 5000 */
  @wholeNumber('milliseconds', 0, HOUR_MS)
  shutdownTimeoutMs = 5000;

  /** How failed requests are retried, `false` for never. @default the defaults of `RetryOptions` */
  @groupOrBoolean(RetrySettings)
  retry: RetryOptions | false = {};

  /** Send events that are triggered at the same time in batches. `true` uses the defaults. @default false */
  @groupOrBoolean(BatchingSettings)
  batching: BatchingOptions | boolean = false;

  /**
   * 32 bytes in base64, for `private-encrypted-` channels. When the app comes from the environment,
   * so does this: `PUSHER_ENCRYPTION_MASTER_KEY`.
   */
  @check(
    'must be 32 bytes in base64 (44 characters ending in "="). Generate one with: openssl rand -base64 32',
    isMasterKey,
  )
  encryptionMasterKeyBase64?: string;

  /** Credentials that were replaced and are still accepted for webhooks. @default none */
  @listOf(PusherCredentials, '{ key, secret }')
  previousCredentials: readonly PusherCredentials[] = [];

  /** How webhooks are accepted. @default the defaults of `WebhookOptions` */
  @group(WebhookSettings)
  webhooks: WebhookOptions = {};

  /** Connections, proxy, TLS and headers. @default the defaults of `HttpOptions` */
  @group(HttpSettings)
  http: HttpOptions = {};

  /**
   * What becomes of events: `'log'` and `'off'` run every check and send nothing, and need no app. The
   * auth endpoints refuse then, and queries reject. @default 'send'
   */
  @oneOf(['send', 'log', 'off'])
  delivery: 'send' | 'log' | 'off' = 'send';

  /**
   * Header in which clients send the id of their connection, such as `'x-socket-id'`; needed for
   * `toOthers`. @default none
   */
  @check('must be the name of a header, such as "x-socket-id"', isHeaderName)
  socketIdHeader?: string;

  /**
   * Called with every emitted event that was not delivered. What it throws is logged.
   * @default only the log
   */
  @check('must be a function that receives a failure', (value) => typeof value === 'function')
  onFailure?: (failure: PublishFailure) => unknown;

  /**
   * Buses of the application, such as `EventEmitter2` of `@nestjs/event-emitter` and `EventBus` of
   * `@nestjs/cqrs`: objects of classes with `@Broadcast()` that are published there go out too. @default none
   */
  @check(
    'must be a list of buses that the application provides, such as [EventEmitter2] or [EventBus]',
    areSources,
  )
  broadcastFrom?: readonly BroadcastSource[];

  /**
   * The events of the app, as `defineEvents` returns them. Payloads are checked, what is sent is the
   * output of the schema, and other events are rejected. @default any event with any payload
   */
  @checkBy(eventsFault)
  events?: EventSchemas;

  /** Turns event data into a string. Must not return `undefined`. @default JSON.stringify */
  @check('must be a function that turns data into a string', (value) => typeof value === 'function')
  serialize: (data: unknown) => string = JSON.stringify;
}

/**
 * The options of an app. Without `url`, `appId`, `key` and `secret` the app and its address come from
 * the environment: `PUSHER_URL`, or `PUSHER_APP_ID`, `PUSHER_APP_KEY`, `PUSHER_APP_SECRET` with
 * `PUSHER_APP_CLUSTER`, `PUSHER_HOST`, `PUSHER_PORT`, `PUSHER_SCHEME`, `PUSHER_PATH_PREFIX`.
 */
export interface PusherModuleOptions extends Optional<PusherModuleSettings> {}

function isHeaderName(value: unknown): boolean {
  return typeof value === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value);
}

function areSources(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (each) =>
        (typeof each === 'string' && each !== '') || /^(?:symbol|function)$/.test(typeof each),
    )
  );
}

function eventsFault(events: unknown): string | undefined {
  const expected =
    'must map event names to schemas that implement Standard Schema, such as those of zod, valibot or arktype: defineEvents({ name: schema })';
  if (!hasFields(events)) return `${expected}; ${whatWasGiven(events)}`;
  const wrong = Object.entries(events).find(
    ([, schema]: [string, unknown]) => !isEventSchema(schema),
  );
  return wrong && `${expected}; for ${quoted(wrong[0])} ${whatWasGiven(wrong[1])}`;
}

function isAppId(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'string' || value.length > 200) return false;
  // A lone surrogate cannot be percent-encoded, and "." and ".." would change the path.
  return (
    value !== '' &&
    value === value.trim() &&
    !isQuoted(value) &&
    !/\p{Cs}/u.test(value) &&
    value !== '.' &&
    value !== '..'
  );
}

/** A colon would end the key in `<key>:<signature>`. */
function isKey(value: unknown): boolean {
  return typeof value === 'string' && /^[^\s:\p{Cc}\p{Cf}]+$/u.test(value) && !isQuoted(value);
}

function isCluster(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(value);
}

/** 32 bytes in canonical base64: 43 digits and one `=`. */
function isMasterKey(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value);
}
