import type { ReceivedRequest } from '../observe/records.js';
import type { ServerState } from '../state.js';
import { type Answer, Refusal, jsonAnswer, refusalAnswer } from './answer.js';
import { routeOf } from './routes.js';
import { verify } from './verify.js';

const NOT_FOUND = new Refusal(404, '404 NOT FOUND');

/** Carries a request out, or says why not. */
export function respond(state: ServerState, request: ReceivedRequest, body: Buffer): Answer {
  try {
    return jsonAnswer(result(state, request, body));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusalAnswer(error);
  }
}

function result(state: ServerState, request: ReceivedRequest, body: Buffer): unknown {
  const { settings, timers } = state;
  const { method, path } = request;
  if (!path.startsWith(settings.pathPrefix)) throw NOT_FOUND;
  const apiPath = path.slice(settings.pathPrefix.length);
  const route = routeOf(method, apiPath);
  const app = state.apps.get(route?.params['app'] ?? '');
  if (!route || !app) throw NOT_FOUND;
  const query = new URLSearchParams(request.rawQuery);
  const signedPath = settings.signPathPrefix ? path : apiPath;
  if (settings.verifySignatures)
    verify({ method, path: signedPath, query, body }, (key) => app.secretOf(key), timers.now());
  if (!app.settings.enabled) throw new Refusal(403, 'Application disabled');
  return route.handler({ app, params: route.params, query, body });
}
