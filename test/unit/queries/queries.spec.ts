import { describe, expect, it } from '@jest/globals';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { LIMITS } from '../../../lib/protocol/limits.js';
import { Queries } from '../../../lib/queries/queries.js';
import { rawGet, rawPost } from '../../../lib/queries/raw-requests.js';
import type { QueryValues } from '../../../lib/queries/signed-query-string.js';
import { RecordingApi } from '../../support/http/recording-api.js';

function setUp(...answers: unknown[]) {
  const api = new RecordingApi(answers);
  return {
    api,
    queries: new Queries({ api, limits: LIMITS.pusher }),
    raw: {
      get: (path: string, query?: QueryValues | null) => rawGet(api, path, query),
      post: (path: string, body?: unknown) => rawPost(api, path, body),
    },
  };
}

describe('channels', () => {
  it.each([
    [undefined, {}],
    [{}, {}],
    [{ prefix: '' }, {}],
    [{ prefix: 'presence-' }, { filter_by_prefix: 'presence-' }],
    [
      { prefix: 'presence-', info: ['userCount'] as const },
      { filter_by_prefix: 'presence-', info: 'user_count' },
    ],
    [
      { prefix: 'presence-room', info: ['userCount'] as const },
      { filter_by_prefix: 'presence-room', info: 'user_count' },
    ],
    [{ info: ['subscriptionCount'] as const }, { info: 'subscription_count' }],
  ])('asks for %j', async (query, parameters) => {
    const { queries, api } = setUp();
    await queries.channels(query);
    expect(api.requests).toEqual([
      { method: 'GET', path: '/channels', query: parameters, idempotent: true },
    ]);
  });

  it.each([
    [{}, {}],
    [{ channels: [] }, {}],
    [{ channels: { a: {} } }, { a: { occupied: true } }],
    [
      { channels: { a: { user_count: 2, occupied: true } } },
      { a: { occupied: true, userCount: 2 } },
    ],
    [{ channels: { a: { subscription_count: '2' } } }, { a: { occupied: true } }],
    [[], {}],
    ['text', {}],
  ])('reads %j', async (answer, expected) => {
    const { queries } = setUp(answer);
    expect({ ...(await queries.channels()) }).toEqual(expected);
  });

  it('lists channels named like parts of every object', async () => {
    const { queries } = setUp(JSON.parse('{"channels":{"__proto__":{},"constructor":{}}}'));
    expect(Object.keys(await queries.channels())).toEqual(['__proto__', 'constructor']);
  });
});

describe('channel', () => {
  it.each([
    [{ occupied: false }, { occupied: false }],
    [{}, { occupied: false }],
    [
      { occupied: true, user_count: 3 },
      { occupied: true, userCount: 3 },
    ],
    [
      { occupied: true, cache: null },
      { occupied: true, cache: null },
    ],
    [
      { occupied: true, cache: { data: '1', ttl: 60 } },
      { occupied: true, cache: { data: '1', ttl: 60 } },
    ],
    [
      { occupied: true, cache: { event: 'e', data: { a: 1 } } },
      { occupied: true, cache: { data: '{"a":1}' } },
    ],
    [
      { occupied: true, subscription_count: 1, subscription_count_complete: false },
      { occupied: true, subscriptionCount: 1 },
    ],
  ])('reads %j', async (answer, expected) => {
    const { queries } = setUp(answer);
    await expect(queries.channel('presence-a')).resolves.toEqual(expected);
  });

  it('puts the name into the path as it is', async () => {
    const { queries, api } = setUp();
    await queries.channel('cache-a=@,.;_-', { info: ['cache', 'subscriptionCount'] });
    expect(api.requests).toMatchObject([
      { path: '/channels/cache-a=@,.;_-', query: { info: 'cache,subscription_count' } },
    ]);
  });
});

describe('channelUsers', () => {
  it.each([
    [{ users: [{ id: '1' }, { id: 2 }] }, [{ id: '1' }, { id: '2' }]],
    [{ users: [] }, []],
    [{ users: [{}, null, 'x', { id: null }] }, []],
    [{}, []],
  ])('reads %j', async (answer, expected) => {
    const { queries } = setUp(answer);
    await expect(queries.channelUsers('presence-a')).resolves.toEqual(expected);
  });
});

describe('terminateUserConnections', () => {
  it('posts an empty object', async () => {
    const { queries, api } = setUp();
    await queries.terminateUserConnections('user-1');
    const path = '/users/user-1/terminate_connections';
    expect(api.requests).toEqual([{ method: 'POST', path, body: '{}', idempotent: true }]);
  });
});

describe('raw requests', () => {
  it('write values as text and leave out what is undefined', async () => {
    const { raw, api } = setUp({ a: 1 });
    await expect(raw.get('/x', { a: 1, b: true, c: undefined, d: 'ü' })).resolves.toEqual({ a: 1 });
    expect(api.requests).toMatchObject([{ query: { a: '1', b: 'true', d: 'ü' } }]);
  });

  it('post {} when there is no body', async () => {
    const { raw, api } = setUp();
    await raw.post('/x');
    expect(api.requests).toMatchObject([{ method: 'POST', body: '{}', idempotent: false }]);
  });
});

describe('null for options', () => {
  it('is nothing', async () => {
    const { queries, raw } = setUp();
    await expect(queries.channels(null)).resolves.toEqual({});
    await expect(queries.channel('a', null)).resolves.toEqual({ occupied: false });
    await expect(raw.get('/a', null)).resolves.toEqual({});
  });
});

describe('refused before anything is sent', () => {
  const { api, queries, raw } = setUp();
  const wrong = (value: unknown) => value as never;

  it.each([
    ['userCount without a prefix', () => queries.channels({ info: ['userCount'] }), 'info'],
    [
      'userCount with a prefix that only ends like one of presence channels',
      () => queries.channels({ prefix: 'my-presence-', info: ['userCount'] }),
      'info',
    ],
    ['userCount on a public channel', () => queries.channel('a', { info: ['userCount'] }), 'info'],
    ['an unknown attribute', () => queries.channel('a', { info: wrong(['x']) }), 'info'],
    ['info that is no list', () => queries.channel('a', { info: wrong('cache') }), 'info'],
    ['a wrong name', () => queries.channel('a b'), 'name'],
    ['no name', () => queries.channel(wrong(undefined)), 'name'],
    ['users of a private channel', () => queries.channelUsers('private-a'), 'name'],
    ['a wrong user', () => queries.terminateUserConnections('a/../b'), 'userId'],
    ['a path without slash', () => raw.get('channels'), 'path'],
    ['a path with a query', () => raw.get('/channels?a=b'), 'path'],
    ['a path that climbs', () => raw.get('/../../other'), 'path'],
    ['a path with a line break', () => raw.get('/a\r\nHost: b'), 'path'],
    ['a path with an umlaut', () => raw.get('/ü'), 'path'],
    ['a prefix that is no text', () => queries.channels({ prefix: wrong(5) }), 'prefix'],
    ['a list as a value', () => raw.get('/a', { info: wrong(['a']) }), 'query.info'],
    ['a body that is no JSON', () => raw.post('/a', 1n), 'body'],
    ['a body that JSON leaves out', () => raw.post('/a', () => 1), 'body'],
  ])('%s', async (_what, ask, argument) => {
    const error: unknown = await ask().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PusherValidationError);
    expect(error).toMatchObject({ argument });
    expect(api.requests).toEqual([]);
  });
});
