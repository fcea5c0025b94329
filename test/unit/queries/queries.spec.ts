import { describe, expect, it } from '@jest/globals';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { LIMITS, type PusherServer } from '../../../lib/protocol/limits.js';
import { Queries } from '../../../lib/queries/queries.js';
import { RecordingApi } from '../../support/http/recording-api.js';

function setUpFor(server: PusherServer, ...responses: unknown[]) {
  const api = new RecordingApi(responses);
  return { api, queries: new Queries({ api, rules: { server, limits: LIMITS[server] } }) };
}

function setUp(...responses: unknown[]) {
  return setUpFor('pusher', ...responses);
}

function notFound(body: string): PusherRequestError {
  const request = { method: 'GET', path: '/channels/presence-a/users', attempts: 1 };
  return new PusherRequestError(
    'PUSHER_REQUEST_REJECTED',
    { ...request, status: 404, body, retryable: false, maybeAccepted: false },
    '',
  );
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
    [{ info: ['subscriptionCount', 'subscriptionCount'] as const }, { info: 'subscription_count' }],
    [{ prefix: '#server-to-user-' }, { filter_by_prefix: '#server-to-user-' }],
  ])('sends %j as parameters', async (query, parameters) => {
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
  ])('reads the response %j', async (response, expected) => {
    const { queries } = setUp(response);
    expect({ ...(await queries.channels()) }).toEqual(expected);
  });

  it('lists channels that are named like properties of every object', async () => {
    const { queries } = setUp(JSON.parse('{"channels":{"__proto__":{},"constructor":{}}}'));
    expect(Object.keys(await queries.channels())).toEqual(['__proto__', 'constructor']);
  });

  it('accepts null for its options', async () => {
    await expect(setUp().queries.channels(null)).resolves.toEqual({});
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
  ])('reads the response %j', async (response, expected) => {
    const { queries } = setUp(response);
    await expect(queries.channel('presence-a')).resolves.toEqual(expected);
  });

  it('puts the name into the path as it is', async () => {
    const { queries, api } = setUp();
    await queries.channel('cache-a=@,.;_-', { info: ['cache', 'subscriptionCount'] });
    expect(api.requests).toMatchObject([
      { path: '/channels/cache-a=@,.;_-', query: { info: 'cache,subscription_count' } },
    ]);
  });

  it('accepts null for its options', async () => {
    await expect(setUp().queries.channel('a', null)).resolves.toEqual({ occupied: false });
  });
});

describe('channel on sockudo, whose cached data is a whole frame,', () => {
  const cached = async (server: PusherServer, data: string) => {
    const { queries } = setUpFor(server, { occupied: true, cache: { data, ttl: 60 } });
    return (await queries.channel('cache-a', { info: ['cache'] })).cache;
  };
  const frame = (fields: object) =>
    JSON.stringify({ channel: 'cache-a', event: 'e', data: '{"eur":1}', ...fields });

  it.each([
    ['the data as it was published', frame({}), '{"eur":1}'],
    ['an empty string', frame({ data: '' }), ''],
    ['data that is not a string, as JSON', frame({ data: { eur: 1 } }), '{"eur":1}'],
    ['data that is not in a frame', '{"eur":1}', '{"eur":1}'],
    ['data that is not JSON', 'news', 'news'],
    [
      'data that looks like a frame of another channel',
      frame({ channel: 'b' }),
      frame({ channel: 'b' }),
    ],
    [
      'data that looks like a frame without an event',
      frame({ event: undefined }),
      frame({ event: undefined }),
    ],
  ])('returns %s', async (_what, data, expected) => {
    await expect(cached('sockudo', data)).resolves.toEqual({ data: expected, ttl: 60 });
  });

  it('reports that nothing is cached', async () => {
    const { queries } = setUpFor('sockudo', { occupied: true, cache: null }, { occupied: false });
    await expect(queries.channel('cache-a')).resolves.toEqual({ occupied: true, cache: null });
    await expect(queries.channel('cache-a')).resolves.toEqual({ occupied: false });
  });

  it.each(['pusher', 'soketi', 'reverb'] as const)(
    'does not read data of %s, which may look the same, as a frame',
    async (server) => {
      await expect(cached(server, frame({}))).resolves.toEqual({ data: frame({}), ttl: 60 });
    },
  );
});

describe('channelUsers', () => {
  it.each(['{}', '{}\n'])('returns nobody for the 404 of an empty channel, %j', async (body) => {
    const { queries } = setUpFor('reverb', notFound(body));
    await expect(queries.channelUsers('presence-a')).resolves.toEqual([]);
  });

  it.each(['', '404 NOT FOUND\n', 'No matching application for ID [9].', '{"error":"x"}', '[]'])(
    'rejects with another 404, %j',
    async (body) => {
      const error = notFound(body);
      await expect(setUpFor('reverb', error).queries.channelUsers('presence-a')).rejects.toBe(
        error,
      );
    },
  );

  it.each([
    [{ users: [{ id: '1' }, { id: 2 }] }, [{ id: '1' }, { id: '2' }]],
    [{ users: [] }, []],
    [{ users: [{}, null, 'x', { id: null }] }, []],
    [{}, []],
  ])('reads the response %j', async (response, expected) => {
    const { queries } = setUp(response);
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

  it.each([
    ['pusher', 7, '7'],
    ['pusher', 'ada@example.com', 'ada@example.com'],
    ['soketi', 'auth0|507f', 'auth0|507f'],
    ['sockudo', 'auth0|507f/ä', 'auth0%7C507f%2F%C3%A4'],
    ['reverb', 'auth0|507f', 'auth0%7C507f'],
  ] as const)('writes on %s the id %p as %s into the path', async (server, id, segment) => {
    const api = new RecordingApi([]);
    const queries = new Queries({ api, rules: { server, limits: LIMITS[server] } });
    await queries.terminateUserConnections(id);
    expect(api.requests).toMatchObject([{ path: `/users/${segment}/terminate_connections` }]);
  });
});

describe('queries reject, before anything is sent,', () => {
  const { api, queries } = setUp();
  const invalid = (value: unknown) => value as never;

  it.each([
    ['userCount without a prefix', () => queries.channels({ info: ['userCount'] }), 'info'],
    [
      'userCount with a prefix that only ends like that of presence channels',
      () => queries.channels({ prefix: 'my-presence-', info: ['userCount'] }),
      'info',
    ],
    ['userCount on a public channel', () => queries.channel('a', { info: ['userCount'] }), 'info'],
    ['an unknown attribute', () => queries.channel('a', { info: invalid(['x']) }), 'info'],
    ['info that is not a list', () => queries.channel('a', { info: invalid('cache') }), 'info'],
    ['an invalid name', () => queries.channel('a b'), 'name'],
    ['a missing name', () => queries.channel(invalid(undefined)), 'name'],
    ['the users of a private channel', () => queries.channelUsers('private-a'), 'name'],
    ['an invalid user id', () => queries.terminateUserConnections('a/../b'), 'userId'],
    ['a prefix that is not a string', () => queries.channels({ prefix: invalid(5) }), 'prefix'],
  ])('%s', async (_what, query, argument) => {
    const error: unknown = await query().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PusherValidationError);
    expect(error).toMatchObject({ argument });
    expect(api.requests).toEqual([]);
  });
});
