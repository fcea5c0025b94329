import { hostAndPort } from '../options/address/endpoint.js';
import type { PusherOptions } from '../options/pusher-options.js';

/** Where requests go, as errors name it. Without secrets. */
export interface Destination {
  /** Host and port of the server, such as `api-eu.pusher.com:443`. */
  readonly host: string;
  readonly useTLS: boolean;
  /** Starts with a slash; empty when there is none. */
  readonly pathPrefix: string;
  /** Host and port of the proxy, if there is one. */
  readonly proxy?: string;
}

export function destinationOf({
  endpoint,
  http,
}: Pick<PusherOptions, 'endpoint' | 'http'>): Destination {
  const { origin, pathPrefix } = endpoint;
  return {
    host: hostAndPort(origin),
    useTLS: origin.startsWith('https:'),
    pathPrefix,
    ...(http.proxy && { proxy: hostAndPort(http.proxy.reveal()) }),
  };
}
