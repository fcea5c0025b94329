import type { ServerActivity } from './observe/activity.js';
import type { TestServerClock } from './clock.js';
import type { TestServerLimits } from './limits.js';
import type { WebhookName } from './webhooks/webhook-event.js';

/** A key and its secret. */
export interface AppCredentials {
  /** Names the token. */
  key: string;
  /** What it signs with. */
  secret: string;
}

/** One app of a test server. What is left out is filled in, so `{ subscriptionCount: true }` will do. */
export interface TestAppOptions {
  /** Id of the app. @default 'test-app-1', with the number of the app */
  id?: string | number;
  /** Key of its current token. @default 'test-key-1', with the number of the app */
  key?: string;
  /** Secret of its current token. @default 'test-secret-1', with the number of the app */
  secret?: string;
  /** 32 bytes in base64, handed on through `server.options`; the server itself never needs it. @default 32 known bytes */
  encryptionMasterKeyBase64?: string;
  /** Older tokens, still accepted, oldest first. Webhooks are signed with the oldest, as the cloud does. @default [] */
  previousCredentials?: readonly AppCredentials[];
  /** A disabled app answers 403 and closes sockets with 4003. @default true */
  enabled?: boolean;
  /** Whether clients may send client events. @default true */
  clientEvents?: boolean;
  /** Whether subscribers and webhooks are told the number of subscribers. @default false */
  subscriptionCount?: boolean;
  /** Whether signed-in users are told who of their watchlist is online. @default true */
  watchlistEvents?: boolean;
  /** Refuses sockets, which are never encrypted here, with 4000. @default false */
  tlsOnly?: boolean;
  /** A connection that has neither signed in nor joined a private or presence channel after these milliseconds is closed with 4009. @default Infinity */
  authorizationTimeoutMs?: number;
  /** Sockets above this number are closed with 4004. @default Infinity */
  maxConnections?: number;
  /** Where webhooks go. @default the `webhookUrl` of the server */
  webhookUrl?: string;
  /** Which webhooks are sent. @default all seven */
  webhookEvents?: readonly WebhookName[];
}

/** How webhooks leave. */
export interface WebhookDeliveryOptions {
  /** How long `channel_vacated` and `member_removed` are held back, in milliseconds; the cloud waits up to 3000. @default 0 */
  absenceDelayMs?: number;
  /** Gathers the events of this many milliseconds into one webhook; `false` sends each alone. @default false */
  batchWindowMs?: number | false;
  /** Tries again, for five minutes and with growing pauses, until the answer is 2xx. @default false */
  retry?: boolean;
  /** How long the application may take to answer, in milliseconds. @default 4000 */
  timeoutMs?: number;
}

/** What `PusherTestServer.start` takes. */
export interface PusherTestServerOptions {
  /** Port to listen on. @default 0, any free port */
  port?: number;
  /** Interface to listen on. @default '127.0.0.1' */
  host?: string;
  /** The apps that it knows. @default one app with everything filled in */
  apps?: readonly TestAppOptions[];
  /** Where the webhooks of all apps go. Without it they are recorded and not sent. */
  webhookUrl?: string;
  /** How webhooks leave. @default at once, each alone, tried once */
  webhooks?: WebhookDeliveryOptions;
  /** Comes before every path, such as `/realtime`. Part of what is signed. @default '' */
  pathPrefix?: string;
  /** Whether the prefix is part of the signed path (as on soketi) or not (as on Reverb). @default true */
  signPathPrefix?: boolean;
  /** `false` takes requests with any signature. @default true */
  verifySignatures?: boolean;
  /** Where the time comes from. @default the time of this machine */
  clock?: TestServerClock;
  /** Limits that differ from those of Pusher's cloud. @default none */
  limits?: Partial<TestServerLimits>;
  /** Seconds of silence after which clients shall ask whether the server is there. @default 120 */
  activityTimeoutSeconds?: number;
  /**
   * Milliseconds that are granted for an answer. A client that has not asked by then is asked, and
   * closed with 4201 when it does not answer. @default 30000
   */
  pongTimeoutMs?: number;
  /** What closes the sockets of a terminated user. The cloud's code is not published. @default 4009 */
  terminationCode?: number;
  /** How many published events, requests and webhooks are each remembered. @default Infinity */
  recordLimit?: number;
  /** How many frames are remembered. @default 10000 */
  frameLimit?: number;
  /** Hears of everything that happens, as it happens. */
  onActivity?: (activity: ServerActivity) => void;
}
