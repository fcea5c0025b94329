import { describe, expect, it } from '@jest/globals';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { rawGet, rawPost } from '../../../lib/queries/raw-requests.js';
import { RecordingApi } from '../../support/http/recording-api.js';

describe('rawGet', () => {
  it('sends values as strings, leaves out undefined, and returns the response', async () => {
    const api = new RecordingApi([{ a: 1 }]);
    const query = { a: 1, b: true, c: undefined, d: 'ü' };
    await expect(rawGet(api, '/x', query)).resolves.toEqual({ a: 1 });
    expect(api.requests).toEqual([
      { method: 'GET', path: '/x', query: { a: '1', b: 'true', d: 'ü' }, idempotent: true },
    ]);
  });

  it('accepts null for the query', async () => {
    await expect(rawGet(new RecordingApi(), '/a', null)).resolves.toEqual({});
  });
});

describe('rawPost', () => {
  it('sends {} without a body', async () => {
    const api = new RecordingApi();
    await rawPost(api, '/x');
    expect(api.requests).toEqual([
      { method: 'POST', path: '/x', query: {}, body: '{}', idempotent: false },
    ]);
  });

  it('sends the body as JSON, with the query', async () => {
    const api = new RecordingApi();
    await rawPost(api, '/x', { a: 'ü' }, { dry: true });
    expect(api.requests).toMatchObject([{ body: '{"a":"ü"}', query: { dry: 'true' } }]);
  });
});

describe('raw requests reject, before anything is sent,', () => {
  const api = new RecordingApi();

  it.each([
    ['a path without a slash', () => rawGet(api, 'channels'), 'path'],
    ['a path with a query', () => rawGet(api, '/channels?a=b'), 'path'],
    ['a path with ..', () => rawGet(api, '/../../other'), 'path'],
    ['a path with a line break', () => rawGet(api, '/a\r\nHost: b'), 'path'],
    ['a path with an umlaut', () => rawGet(api, '/ü'), 'path'],
    ['a list as a value', () => rawGet(api, '/a', { info: ['a'] as never }), 'query.info'],
    ['a body without JSON', () => rawPost(api, '/a', 1n), 'body'],
    ['a body that JSON leaves out', () => rawPost(api, '/a', () => 1), 'body'],
  ])('%s', async (_what, send, argument) => {
    const error: unknown = await send().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PusherValidationError);
    expect(error).toMatchObject({ argument });
    expect(api.requests).toEqual([]);
  });
});
