import type { AppSettings, ServerSettings } from './options.js';

/** What `PusherModule.forRoot`, or the official `pusher` package, needs to reach a test server. */
export interface TestServerConnection {
  /** Id of the app. */
  appId: string;
  /** Its current key. */
  key: string;
  /** The secret of that key. */
  secret: string;
  /** The host to connect to. */
  host: string;
  /** The port that it listens on. */
  port: number;
  /** A test server speaks HTTP only. */
  useTLS: false;
  /** The `pathPrefix` of the server, absent when it has none. */
  pathPrefix?: string;
  /** Present together with `pathPrefix`. */
  signPathPrefix?: boolean;
  /** 32 bytes in base64, for encrypted channels. */
  encryptionMasterKeyBase64: string;
}

/** What `new Pusher(server.key, server.clientOptions)` of `pusher-js` needs to reach a test server. */
export interface TestServerClientOptions {
  /** `pusher-js` requires one; any will do. */
  cluster: string;
  /** The host to connect to, in brackets when it is an IPv6 address. */
  wsHost: string;
  /** The port that it listens on. */
  wsPort: number;
  /** The `pathPrefix` of the server, when it has one. */
  wsPath?: string;
  /** A test server speaks plain WebSocket only. */
  forceTLS: false;
  /** It has no fallback transports. */
  enabledTransports: 'ws'[];
}

/** Where a server listens. */
export interface ServerAddress {
  settings: ServerSettings;
  port: number;
}

export function connectionFor(
  { settings, port }: ServerAddress,
  app: AppSettings,
): TestServerConnection {
  const { pathPrefix, signPathPrefix } = settings;
  const { id, key, secret, encryptionMasterKeyBase64 } = app;
  return {
    appId: id,
    key,
    secret,
    host: reachable(settings.host),
    port,
    useTLS: false,
    ...(pathPrefix !== '' && { pathPrefix, signPathPrefix }),
    encryptionMasterKeyBase64,
  };
}

export function clientOptionsFor({ settings, port }: ServerAddress): TestServerClientOptions {
  const { pathPrefix } = settings;
  return {
    cluster: 'test',
    wsHost: inUrl(settings.host),
    wsPort: port,
    ...(pathPrefix !== '' && { wsPath: pathPrefix }),
    forceTLS: false,
    enabledTransports: ['ws'],
  };
}

export function urlFor(
  { settings, port }: ServerAddress,
  { id, key, secret }: AppSettings,
): string {
  const [safeKey, safeSecret, safeId] = [key, secret, id].map(encodeURIComponent);
  const host = `${inUrl(settings.host)}:${port}`;
  return `http://${safeKey}:${safeSecret}@${host}${settings.pathPrefix}/apps/${safeId}`;
}

/** Nobody can connect to "all interfaces". */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function inUrl(host: string): string {
  const name = reachable(host);
  return name.includes(':') ? `[${name}]` : name;
}
