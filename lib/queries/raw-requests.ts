import type { Api } from '../http/api.js';
import { checkPath } from '../http/signing/sign-request.js';
import { toJson } from '../protocol/json.js';
import { type QueryValues, toStrings } from './signed-query-string.js';

const BODY_REMEDY = 'Pass plain values, or leave it out for an empty object.';

/** A signed GET to a path that has no method of its own. */
export async function rawGet(api: Api, path: string, query?: QueryValues | null): Promise<unknown> {
  checkPath(path);
  return api.request({ method: 'GET', path, query: toStrings(query), idempotent: true });
}

/** A signed POST to a path that has no method of its own. */
export async function rawPost(
  api: Api,
  path: string,
  body?: unknown,
  query?: QueryValues | null,
): Promise<unknown> {
  checkPath(path);
  return api.request({
    method: 'POST',
    path,
    query: toStrings(query),
    body: toJson(body ?? {}, 'body', BODY_REMEDY),
    idempotent: false,
  });
}
