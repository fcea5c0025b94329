import type { ApiRequest } from './api-request.js';
import { publishMany, publishOne } from './publish.js';
import { listChannels, listUsers, showChannel } from './queries.js';
import { terminateConnections } from './terminate.js';

type Handler = (request: ApiRequest) => unknown;

const ROUTES: readonly (readonly [method: string, path: string, handler: Handler])[] = [
  ['POST', '/apps/:app/events', publishOne],
  ['POST', '/apps/:app/batch_events', publishMany],
  ['GET', '/apps/:app/channels', listChannels],
  ['GET', '/apps/:app/channels/:channel', showChannel],
  ['GET', '/apps/:app/channels/:channel/users', listUsers],
  ['POST', '/apps/:app/users/:user/terminate_connections', terminateConnections],
];

/** The handler of a request, and the variable parts of its path, decoded. */
export function routeOf(
  method: string,
  path: string,
): { handler: Handler; params: Record<string, string> } | undefined {
  const parts = path.split('/');
  for (const [routeMethod, routePath, handler] of ROUTES) {
    const params = routeMethod === method && paramsOf(routePath.split('/'), parts);
    if (params) return { handler, params };
  }
  return undefined;
}

function paramsOf(pattern: readonly string[], parts: readonly string[]) {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const part = parts[at] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = decoded(part);
    else if (expected !== part) return undefined;
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
