import { isUserId } from '../../../protocol/names.js';
import type { ReceivedRequest } from '../observe/records.js';
import type { ServerState } from '../state.js';
import { publishMany, publishOne } from './publish.js';
import { listChannels, listUsers, showChannel } from './queries.js';
import { ApiError, type ApiResponse, errorResponse, jsonResponse } from './response.js';
import type { VerifiedRequest } from './verified-request.js';
import { verifySignature } from './verify-signature.js';

type Handler = (request: VerifiedRequest) => unknown;

const ROUTES: readonly (readonly [method: string, path: string, handler: Handler])[] = [
  ['POST', '/apps/:app/events', publishOne],
  ['POST', '/apps/:app/batch_events', publishMany],
  ['GET', '/apps/:app/channels', listChannels],
  ['GET', '/apps/:app/channels/:channel', showChannel],
  ['GET', '/apps/:app/channels/:channel/users', listUsers],
  ['POST', '/apps/:app/users/:user/terminate_connections', terminateConnections],
];

const NOT_FOUND = new ApiError(404, '404 NOT FOUND');
/** The cloud's close code for terminated users is not published. */
const TERMINATED = 4009;

/** Verifies a request and carries it out; the response says why when it does not. */
export function respond(state: ServerState, request: ReceivedRequest, body: Buffer): ApiResponse {
  try {
    return jsonResponse(carryOut(state, request, body));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return errorResponse(error);
  }
}

function carryOut(state: ServerState, request: ReceivedRequest, body: Buffer): unknown {
  const { settings, timers } = state;
  const { method, path } = request;
  if (!path.startsWith(settings.pathPrefix)) throw NOT_FOUND;
  const apiPath = path.slice(settings.pathPrefix.length);
  const route = routeOf(method, apiPath);
  const app = state.apps.get(route?.params['app'] ?? '');
  if (!route || !app) throw NOT_FOUND;
  const query = new URLSearchParams(request.rawQuery);
  const signedPath = settings.signPathPrefix ? path : apiPath;
  const signed = { method, path: signedPath, query, body };
  verifySignature(signed, (key) => app.secretOf(key), timers.now());
  if (!app.settings.enabled) throw new ApiError(403, 'Application disabled');
  return route.handler({ app, params: route.params, query, body });
}

/** The handler of a request, and the variable parts of its path, decoded. */
function routeOf(
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

/** Closes the connections that are signed in as the user; presence members are not touched. */
function terminateConnections({ app, params }: VerifiedRequest): unknown {
  const userId = params['user'] ?? '';
  if (!isUserId(userId) || userId.length > app.server.settings.limits.maxUserIdLength)
    throw new ApiError(400, 'Invalid user id');
  for (const connection of app.users.connectionsOf(userId))
    connection.close(TERMINATED, 'Connections of the user were terminated');
  return {};
}
