import { PusherValidationError } from '../../errors/pusher-validation.error.js';
import {
  argumentShape,
  invalidArgument,
  meantValue,
  readArgument,
  shownValue,
  valueOfType,
} from '../../protocol/arguments.js';
import { isHost, isPlainPath, withLeadingSlash } from './host-and-path.js';
import type { PusherOptions } from '../pusher-options.js';

/**
 * Where clients find the application and the server. Whatever is left out follows from the module's
 * options.
 */
export interface ClientOptionsRequest {
  /** Origin of the application, such as `https://api.example.com`. @default the origin of the page */
  origin?: string | undefined;
  /** Path of `PusherAuthController`, with the global prefix and the version. @default '/pusher' */
  authPath?: string | undefined;
  /** Host of the WebSocket server, where clients use another one than the application. */
  host?: string | undefined;
  /** Port of the WebSocket server, where clients use another one than the application. */
  port?: number | undefined;
  /** Whether clients connect with TLS. @default as the application does; always on Pusher's own hosts */
  useTLS?: boolean | undefined;
  /** Path of the WebSocket server before `/app`. @default the `pathPrefix` of the module's options */
  path?: string | undefined;
}

/** An authorization endpoint, as pusher-js is configured with it. */
export interface ClientAuthOptions {
  /** URL, or a path on the origin of the page. */
  endpoint: string;
  /** The endpoints accept POST only. */
  transport: 'ajax';
}

/**
 * What `pusher-js` needs to reach an app: `const { key, ...options } = …; new Pusher(key, options)`.
 * It has no secret, so it may be sent to clients.
 */
export interface PusherClientOptions {
  /** Key of the app. */
  key: string;
  /** Pusher's cluster. `pusher-js` requires one also where `wsHost` decides; it is empty then. */
  cluster: string;
  /** Host of a server other than Pusher's. */
  wsHost?: string;
  /** Its port without TLS. */
  wsPort?: number;
  /** Its port with TLS. */
  wssPort?: number;
  /** Its path before `/app`. */
  wsPath?: string;
  /** Whether to connect with TLS only. */
  forceTLS: boolean;
  /** Servers other than Pusher's have no fallback transports. */
  enabledTransports?: ('ws' | 'wss')[];
  /** Where private and presence channels are authorized. */
  channelAuthorization: ClientAuthOptions;
  /** Where users sign in. */
  userAuthentication: ClientAuthOptions;
}

/** Host of the API of a cluster of Pusher. */
const CLUSTER_HOST = /^api-([a-z0-9-]+)\.pusher\.com$/i;
/** Host of Pusher's first cluster, from the time when there was only one. */
const FIRST_HOST = 'api.pusherapp.com';
const FIRST_CLUSTER = 'mt1';

/** The type of each part of the argument. */
const PARTS = {
  origin: 'string',
  authPath: 'string',
  host: 'string',
  port: 'number',
  useTLS: 'boolean',
  path: 'string',
} as const satisfies Record<keyof ClientOptionsRequest, string>;

type Part = keyof typeof PARTS;

const SHAPE = argumentShape('option', "{ origin: 'https://api.example.com' }", Object.keys(PARTS), {
  endpoint: 'authPath',
  authEndpoint: 'authPath',
  wsHost: 'host',
  wsPort: 'port',
  wssPort: 'port',
  wsPath: 'path',
  pathPrefix: 'path',
  forceTLS: 'useTLS',
});

/**
 * What `pusher-js` needs to reach the same app as the application.
 * @throws PusherValidationError that names the option
 */
export function clientOptionsOf(
  { credentials, endpoint }: Pick<PusherOptions, 'credentials' | 'endpoint'>,
  written: ClientOptionsRequest | null = {},
): PusherClientOptions {
  const request = checked(written ?? {});
  const { origin = '', authPath = '/pusher' } = request;
  const base = origin.replace(/\/$/, '') + withLeadingSlash(authPath);
  return {
    key: credentials.key,
    ...serverOf(endpoint, request),
    channelAuthorization: { endpoint: `${base}/auth`, transport: 'ajax' },
    userAuthentication: { endpoint: `${base}/user-auth`, transport: 'ajax' },
  };
}

function checked(written: ClientOptionsRequest): ClientOptionsRequest {
  const given = Object.entries(readArgument(written, 'options', SHAPE)).filter(isSet);
  const read = given.map(([name, value]): [string, unknown] => [
    name,
    name === 'port' ? portIn(value) : valueOfType(value, name, [PARTS[name as Part]]),
  ]);
  const request: ClientOptionsRequest = Object.fromEntries(read);
  const { host, origin, authPath, path } = request;
  if (origin !== undefined && !isOrigin(origin))
    throw invalidArgument(
      'origin',
      `must be the origin of the application, such as https://api.example.com; ${shownValue(origin)}. A path belongs in \`authPath\``,
    );
  for (const [name, value] of Object.entries({ authPath, path }))
    if (value !== undefined && !isPlainPath(value))
      throw invalidArgument(name, `must be a plain path such as "/pusher"; ${shownValue(value)}`);
  if (host !== undefined && !isHost(host))
    throw new PusherValidationError(
      'host',
      `\`host\` must be a host name or IP address, without scheme, port and path; ${shownValue(host)}.`,
    );
  return request;
}

function isOrigin(value: string): boolean {
  const [, host, port] = /^https?:\/\/(\[[^\]]+\]|[^:/]+)(?::([0-9]+))?\/?$/i.exec(value) ?? [];
  return isHost(host) && (port === undefined || URL.canParse(`http://a:${port}`));
}

function portIn(value: unknown): number {
  const port = typeof value === 'string' ? meantValue(value, 'number') : value;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535)
    return port;
  throw new PusherValidationError(
    'port',
    `\`port\` must be a TCP port, a whole number from 1 to 65535; ${shownValue(value)}.`,
  );
}

/** An empty string is a variable without a value, but for a path: there it means that there is none. */
function isSet([name, value]: readonly [string, unknown]): boolean {
  return value !== '' || name === 'path';
}

type ServerOptions = Omit<
  PusherClientOptions,
  'key' | 'channelAuthorization' | 'userAuthentication'
>;

function serverOf(
  { origin, pathPrefix }: PusherOptions['endpoint'],
  request: ClientOptionsRequest,
): ServerOptions {
  const api = new URL(origin);
  const cluster = request.host === undefined ? clusterOf(api.hostname) : undefined;
  if (cluster !== undefined) return { cluster, forceTLS: request.useTLS ?? true };
  const forceTLS = request.useTLS ?? api.protocol === 'https:';
  // Another host, or TLS that ends before the server, has its own port.
  const isSame = request.host === undefined && forceTLS === (api.protocol === 'https:');
  const known = request.port ?? (isSame ? Number(api.port) : 0);
  const port = known || (forceTLS ? 443 : 80);
  const path = request.path === undefined ? pathPrefix : withLeadingSlash(request.path);
  return {
    cluster: '',
    wsHost: request.host ?? api.hostname,
    wsPort: port,
    wssPort: port,
    ...(path !== '' && { wsPath: path }),
    forceTLS,
    // pusher-js calls WebSocket `ws` with TLS too.
    enabledTransports: forceTLS ? ['ws', 'wss'] : ['ws'],
  };
}

function clusterOf(host: string): string | undefined {
  if (host === FIRST_HOST) return FIRST_CLUSTER;
  return CLUSTER_HOST.exec(host)?.[1];
}
