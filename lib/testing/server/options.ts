import {
  argumentShape,
  checkArgument,
  valueOfType,
  withoutLeftOut,
} from '../../protocol/arguments.js';
import { OPTION_CHECKS } from './check-options.js';
import { type TestServerClock, systemClock } from './clock.js';
import { DEFAULT_LIMITS, type TestServerLimits } from './limits.js';
import type { ServerActivity } from './observe/activity.js';
import { WEBHOOK_NAMES, type WebhookName } from './webhooks/event.js';

/** Options that may be left out, or be `undefined`. */
type LeftOut<Options> = { [Name in keyof Options]?: Options[Name] | undefined };

/** A key and its secret. */
export interface TestAppCredentials {
  /** Identifies the app; clients know it too. */
  key: string;
  /** Signs requests, authorizations and webhooks. */
  secret: string;
}

/** 32 bytes that everybody knows: encrypted channels work at once, and nobody takes it for a secret. */
const KNOWN_MASTER_KEY = Buffer.from('a master key for tests, 32 bytes').toString('base64');

/** One app of a test server. Each option has its default value here. */
class AppDefaults {
  /** Id of the app, a number by default because some SDKs take no other. @default '1', the number of the app */
  id: string | number;
  /** Its current key. @default 'test-key-1', with the number of the app */
  key: string;
  /** The secret of that key. @default 'test-secret-1', with the number of the app */
  secret: string;
  /**
   * 32 bytes in base64, passed on through `server.options`; the server itself never needs it.
   * @default 32 known bytes
   */
  encryptionMasterKeyBase64 = KNOWN_MASTER_KEY;
  /**
   * Older credentials, still accepted, oldest first. Webhooks are signed with the oldest, as the
   * cloud does.
   * @default []
   */
  previousCredentials: readonly TestAppCredentials[] = [];
  /**
   * Whether the app is enabled. A disabled app responds with 403 and closes sockets with 4003.
   * @default true
   */
  enabled = true;
  /** Whether clients may send client events. @default true */
  clientEvents = true;
  /** Whether subscribers and webhooks receive the number of subscribers. @default false */
  subscriptionCount = false;
  /** Whether signed-in users receive who of their watchlist is online. @default true */
  watchlistEvents = true;
  /** Refuses sockets, which are never encrypted here, with 4000. @default false */
  tlsOnly = false;
  /**
   * A connection that has neither signed in nor joined a private or presence channel after these
   * milliseconds is closed with 4009.
   * @default Infinity
   */
  authorizationTimeoutMs = Infinity;
  /** Sockets above this number are closed with 4004. @default Infinity */
  maxConnections = Infinity;
  /** Where webhooks go. @default the `webhookUrl` of the server */
  webhookUrl: string | undefined;
  /** Which webhooks are sent. @default all seven */
  webhookEvents: readonly WebhookName[] = WEBHOOK_NAMES;

  constructor(number: number, webhookUrl: string | undefined) {
    this.id = String(number);
    this.key = `test-key-${number}`;
    this.secret = `test-secret-${number}`;
    this.webhookUrl = webhookUrl;
  }
}

/** How webhooks leave. Each option has its default value here. */
class WebhookDeliveryDefaults {
  /**
   * How long `channel_vacated` and `member_removed` are held back, in milliseconds; the cloud waits
   * up to 3000.
   * @default 0
   */
  absenceDelayMs = 0;
  /**
   * Collects the events of this many milliseconds into one webhook; `false` sends each alone.
   * @default false
   */
  batchWindowMs: number | false = false;
  /** Tries again, for five minutes and with growing pauses, until the response is 2xx. @default false */
  retry = false;
  /** How long the application may take to respond, in milliseconds. @default 4000 */
  timeoutMs = 4000;
}

/** What `PusherTestServer.start` takes. Each option has its default value here. */
class ServerDefaults {
  /** Port to listen on. @default 0, any free port */
  port = 0;
  /** Interface to listen on. @default '127.0.0.1' */
  host = '127.0.0.1';
  /** The apps that it knows. @default one app with every option at its default */
  apps: readonly TestAppOptions[] = [{}];
  /** Where the webhooks of all apps go. Without it they are recorded and not sent. */
  webhookUrl: string | undefined;
  /** How webhooks leave. @default at once, each alone, tried once */
  webhooks: WebhookDeliveryOptions = {};
  /** Comes before every path, such as `/realtime`. Part of what is signed. @default '' */
  pathPrefix = '';
  /** Whether the prefix is part of the signed path (as on soketi) or not (as on Reverb). @default true */
  signPathPrefix = true;
  /** Where the time comes from. @default the time of this machine */
  clock: TestServerClock = systemClock;
  /** Limits that differ from those of Pusher's cloud. @default none */
  limits: LeftOut<TestServerLimits> = {};
  /**
   * Seconds of silence after which clients should send a ping. A client that is silent for 30 seconds
   * more is sent a ping, and closed with 4201 when it does not respond within another 30. @default 120
   */
  activityTimeoutSeconds = 120;
  /**
   * How many published events, requests and webhooks are each remembered; of frames, never more
   * than 10000.
   * @default Infinity
   */
  recordLimit = Infinity;
  /** Is called with everything that happens, as it happens. */
  onActivity: (activity: ServerActivity) => void = () => undefined;
}

/** One app of a test server. What is left out has its default, so `{ subscriptionCount: true }` will do. */
export type TestAppOptions = LeftOut<AppDefaults>;

/** How webhooks leave. */
export type WebhookDeliveryOptions = LeftOut<WebhookDeliveryDefaults>;

/** What `PusherTestServer.start` takes; every option may be left out. */
export type PusherTestServerOptions = LeftOut<ServerDefaults>;

/** An app with every option filled in. */
export interface AppSettings extends AppDefaults {
  id: string;
}

/** A server with every option filled in. */
export interface ServerSettings extends ServerDefaults {
  apps: readonly AppSettings[];
  webhooks: WebhookDeliveryDefaults;
  limits: TestServerLimits;
}

/** @throws Error when two apps share an id or a key, or an option is not valid */
export function serverSettings(options: PusherTestServerOptions): ServerSettings {
  const given = withDefaults(new ServerDefaults(), options);
  const settings: ServerSettings = Object.assign(given, {
    apps: given.apps.map((app, at) => appSettings(app, at + 1, given.webhookUrl)),
    webhooks: withDefaults(new WebhookDeliveryDefaults(), given.webhooks, 'webhooks'),
    pathPrefix: given.pathPrefix.replace(/\/+$/, ''),
    limits: withDefaults({ ...DEFAULT_LIMITS }, given.limits, 'limits'),
  });
  if (settings.apps.length === 0)
    throw new Error('A test server needs an app: leave out `apps`, or list at least one.');
  refuseRepeated(
    'id',
    settings.apps.map(({ id }) => id),
  );
  refuseRepeated(
    'key',
    settings.apps.flatMap(credentialsOf).map(({ key }) => key),
  );
  return settings;
}

function appSettings(
  options: TestAppOptions,
  number: number,
  webhookUrl: string | undefined,
): AppSettings {
  const defaults = new AppDefaults(number, webhookUrl);
  const app = withDefaults(defaults, options, 'app', `apps[${number - 1}]`);
  return Object.assign(app, { id: String(app.id) });
}

/** All that an app accepts, oldest first. */
export function credentialsOf({
  key,
  secret,
  previousCredentials,
}: AppSettings): [...TestAppCredentials[], TestAppCredentials] {
  return [...previousCredentials, { key, secret }];
}

/**
 * An option that is `undefined` or `null` counts as left out.
 * @param kind which options they are
 * @param argument what messages call them all together
 * @throws PusherValidationError for an option that is not valid, or of which there is no default,
 *   because there is none of that name
 */
function withDefaults<Options extends object>(
  defaults: Options,
  given: LeftOut<Options> | null | undefined,
  kind: keyof typeof EXAMPLES = 'options',
  argument: string = kind,
): Options {
  const written = given ?? {};
  const prefix = kind === 'options' ? '' : `${argument}.`;
  const shape = argumentShape('option', EXAMPLES[kind], Object.keys(defaults), OTHER_NAMES);
  checkArgument(written, argument, shape, prefix);
  for (const [option, value] of Object.entries(withoutLeftOut(written))) {
    const types = typesOf(option, Reflect.get(defaults, option));
    const read = valueOfType(value, prefix + option, types);
    OPTION_CHECKS[option]?.(read, prefix + option);
    Reflect.set(defaults, option, read);
  }
  return defaults;
}

/** Which types an option takes: that of its default, unless it is listed. */
function typesOf(option: string, value: unknown): readonly string[] {
  return OTHER_TYPES[option] ?? [Array.isArray(value) ? 'array' : typeof value];
}

const OTHER_TYPES: Readonly<Record<string, readonly string[]>> = {
  id: ['string', 'number'],
  batchWindowMs: ['number', 'boolean'],
  webhookUrl: ['string'],
};

const EXAMPLES = {
  options: '{ port: 6001, apps: [{ subscriptionCount: true }] }',
  app: '{ id: 1, subscriptionCount: true }',
  webhooks: '{ retry: true }',
  limits: '{ maxPresenceMembers: 2 }',
} as const;

/** What the official packages, and the options of the module, call them. */
const OTHER_NAMES = {
  appId: 'id',
  appKey: 'key',
  appSecret: 'secret',
  app: 'apps',
  retries: 'retry',
  masterKey: 'encryptionMasterKeyBase64',
  subscriptionCounts: 'subscriptionCount',
};

function refuseRepeated(what: string, values: readonly string[]): void {
  const repeated = values.find((value, at) => values.indexOf(value) !== at);
  if (repeated !== undefined)
    throw new Error(`Two apps have the ${what} "${repeated}". Give each app its own.`);
}
