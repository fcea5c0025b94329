import { isIPv6 } from 'node:net';
import type { PusherModuleOptions } from './pusher-module-options.js';
import type { Endpoint } from './pusher-options.js';

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** The host as the official packages choose it when neither host nor cluster is given. */
const DEFAULT_HOST = 'api.pusherapp.com';

/** An address, decided. */
export interface Address {
  host: string;
  port: number;
  useTLS: boolean;
}

/** Where the options say the server is. */
export function addressOf(options: PusherModuleOptions): Address {
  const useTLS = options.useTLS ?? true;
  const host =
    options.host ?? (options.cluster ? `api-${options.cluster}.pusher.com` : DEFAULT_HOST);
  return { host, useTLS, port: options.port ?? (useTLS ? HTTPS_PORT : HTTP_PORT) };
}

/** Puts address, prefix and app together. Expects options that were checked. */
export function endpointOf(options: PusherModuleOptions): Endpoint {
  const { host, port, useTLS } = addressOf(options);
  const bare = host.replace(/^\[|\]$/g, '');
  const name = isIPv6(bare) ? `[${bare}]` : bare;
  const usual = port === (useTLS ? HTTPS_PORT : HTTP_PORT);
  return {
    origin: `${useTLS ? 'https' : 'http'}://${name}${usual ? '' : `:${port}`}`,
    pathPrefix: prefixOf(options.pathPrefix ?? ''),
    appPath: `/apps/${encodeURIComponent(String(options.appId))}`,
    // Reverb routes below its prefix and verifies the path that is left.
    signPathPrefix: options.signPathPrefix ?? options.server !== 'reverb',
  };
}

function prefixOf(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '');
  return path === '' ? '' : `/${path}`;
}

const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?$/;

/** Whether the text is a host name or an IP address, and nothing besides. */
export function isHost(text: string): boolean {
  return text.length <= 253 && (HOST_NAME.test(text) || isIPv6(text.replace(/^\[(.*)\]$/, '$1')));
}
