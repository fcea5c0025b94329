import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { PusherOptions } from '../../../options/pusher-options.js';

/** The undici pool of one app, through its proxy when it has one. Nothing is connected yet. */
export function createDispatcher({ endpoint, http, timeoutMs }: PusherOptions): Dispatcher {
  const connections = http.maxConnections;
  const settings = {
    connections,
    pipelining: 1,
    maxResponseSize: http.maxResponseBytes,
    keepAliveTimeout: http.keepAliveTimeoutMs,
    keepAliveMaxTimeout: http.keepAliveTimeoutMs,
    // An exchange keeps the time for all of it; these would only end parts of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const tls = http.tls?.reveal();
  const connect = { ...tls, timeout: timeoutMs };
  if (http.proxy === undefined) return new Pool(endpoint.origin, { ...settings, connect });
  return new ProxyAgent({
    ...settings,
    uri: http.proxy.reveal(),
    requestTls: connect,
    proxyTls: { ca: tls?.ca, timeout: timeoutMs },
    // The pool that asks the proxy for tunnels. A proxy that never answers must not hold them for ever.
    clientFactory: (origin, options) =>
      new Pool(origin, { ...options, connections, headersTimeout: timeoutMs }),
  });
}
