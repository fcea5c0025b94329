import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { Api } from '../http/api.js';
import { checkPath } from '../http/signing/check-path.js';
import { type QueryValues, textsOf } from './query-values.js';

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
    const request = { path, query: textsOf(query ?? {}), body: jsonOf(body) };
    return this.#api.request({ method: 'POST', ...request, idempotent: false });
  }
}

function jsonOf(body: unknown): string {
  try {
    const text: unknown = JSON.stringify(body);
    if (typeof text === 'string') return text;
  } catch (error) {
    throw new PusherValidationError(
      'body',
      '`body` cannot be turned into JSON. Take out cycles and bigints.',
      error,
    );
  }
  throw new PusherValidationError(
    'body',
    '`body` must be something that JSON can express. Leave it out for an empty object.',
  );
}
