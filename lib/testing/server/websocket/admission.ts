import type { App } from '../app.js';
import type { ServerState } from '../state.js';

/** Why a socket is closed before anything else: a code and a reason. */
export interface Rejection {
  code: number;
  reason: string;
}

/** Decides which app a socket belongs to, from the URL that it requested. */
export function admit(state: ServerState, url: string): App | Rejection {
  const [path = '', query = ''] = url.split('?', 2);
  const prefix = `${state.settings.pathPrefix}/app/`;
  if (!path.startsWith(prefix))
    return { code: 4005, reason: `Path not found: ${path}`.slice(0, 120) };
  const key = path.slice(prefix.length);
  const app = state.appOfKey(key);
  if (!app) {
    const shown = key.slice(0, 40);
    return {
      code: 4001,
      reason: `App key ${shown} not in this cluster. Did you forget to specify the cluster?`,
    };
  }
  return rejectionBy(app, new URLSearchParams(query)) ?? app;
}

function rejectionBy(
  { settings, connections }: App,
  query: URLSearchParams,
): Rejection | undefined {
  const protocol = query.get('protocol');
  const version = query.get('version');
  // Without a protocol version the cloud guesses one from the client's version; here any will do.
  if (protocol !== null && !/^[4-7]$/.test(protocol))
    return { code: 4007, reason: 'Unsupported protocol version' };
  if (version !== null && !/^\d+(\.\d+)*([-+][\w.+-]+)?$/.test(version))
    return { code: 4006, reason: 'Invalid version string format' };
  if (settings.tlsOnly)
    return {
      code: 4000,
      reason: 'Application only accepts SSL connections, reconnect using wss://',
    };
  if (!settings.enabled) return { code: 4003, reason: 'Application disabled' };
  if (connections.size >= settings.maxConnections)
    return { code: 4004, reason: 'Application is over connection quota' };
  return undefined;
}
