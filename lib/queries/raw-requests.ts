import type { Api } from '../http/api.js';
import { checkPath } from '../http/signing/check-path.js';
import { toJson } from '../protocol/to-json.js';
import { type QueryValues, textsOf } from './query-values.js';

const BODY_REMEDY = 'Pass plain values, or leave it out for an empty object.';

/** Signed requests to paths that have no method of their own. */
export class RawRequests {
  readonly #api: Api;

  constructor({ api }: { api: Api }) {
    this.#api = api;
  }

  async get(path: string, query?: QueryValues | null): Promise<unknown> {
    checkPath(path);
    return this.#api.request({
      method: 'GET',
      path,
      query: textsOf(query ?? {}),
      idempotent: true,
    });
  }

  async post(path: string, body: unknown = {}, query?: QueryValues | null): Promise<unknown> {
    checkPath(path);
    const request = { path, query: textsOf(query ?? {}), body: toJson(body, 'body', BODY_REMEDY) };
    return this.#api.request({ method: 'POST', ...request, idempotent: false });
  }
}
