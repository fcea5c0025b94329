import type { AppSettings, ServerSettings } from './settings.js';

/** What `PusherModule.forRoot`, or the official `pusher` package, needs to reach a test server. */
export interface TestServerOptions {
  appId: string;
  key: string;
  secret: string;
  host: string;
  port: number;
  useTLS: false;
  pathPrefix?: string;
  signPathPrefix?: boolean;
  encryptionMasterKeyBase64: string;
}

/** What `new Pusher(server.key, server.clientOptions)` of `pusher-js` needs to reach a test server. */
export interface TestServerClientOptions {
  /** `pusher-js` insists on one; any will do. */
  cluster: string;
  wsHost: string;
  wsPort: number;
  wsPath?: string;
  forceTLS: false;
  enabledTransports: 'ws'[];
}

/** Where a server listens. */
export interface Place {
  settings: ServerSettings;
  port: number;
}

export function optionsFor({ settings, port }: Place, app: AppSettings): TestServerOptions {
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

export function clientOptionsFor({ settings, port }: Place): TestServerClientOptions {
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

export function urlFor({ settings, port }: Place, { id, key, secret }: AppSettings): string {
  const [safeKey, safeSecret, safeId] = [key, secret, id].map(encodeURIComponent);
  const host = `${inUrl(settings.host)}:${port}`;
  return `http://${safeKey}:${safeSecret}@${host}${settings.pathPrefix}/apps/${safeId}`;
}

/** One cannot connect to "all interfaces". */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function inUrl(host: string): string {
  const name = reachable(host);
  return name.includes(':') ? `[${name}]` : name;
}
