import { isIPv6 } from 'node:net';
import { withLeadingSlash } from './host-and-path.js';
import type { PusherModuleSettings } from '../pusher-module-options.js';
import type { Endpoint } from '../pusher-options.js';

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** The host that the official packages use when neither host nor cluster is given. */
const DEFAULT_HOST = 'api.pusherapp.com';

/** Where the server is. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly useTLS: boolean;
}

/** The address for the options, which have been checked. */
export function addressOf({
  host,
  cluster,
  port,
  useTLS,
}: Pick<PusherModuleSettings, 'host' | 'cluster' | 'port' | 'useTLS'>): Address {
  return {
    host: host ?? (cluster === undefined ? DEFAULT_HOST : `api-${cluster}.pusher.com`),
    port: port ?? (useTLS ? HTTPS_PORT : HTTP_PORT),
    useTLS,
  };
}

/** The address, the prefix and the app in the form in which requests use them. */
export function endpointOf(
  { host, port, useTLS }: Address,
  appId: string,
  pathPrefix: string,
  signPathPrefix: boolean,
): Endpoint {
  const bare = host.replace(/^\[|\]$/g, '');
  const name = isIPv6(bare) ? `[${bare}]` : bare;
  const isDefaultPort = port === (useTLS ? HTTPS_PORT : HTTP_PORT);
  return {
    origin: `${useTLS ? 'https' : 'http'}://${name}${isDefaultPort ? '' : `:${port}`}`,
    pathPrefix: withLeadingSlash(pathPrefix),
    appPath: `/apps/${encodeURIComponent(appId)}`,
    signPathPrefix,
  };
}

/** Host and port of a URL, such as `api-eu.pusher.com:443`: what errors show of it. */
export function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? HTTPS_PORT : HTTP_PORT)}`;
}
