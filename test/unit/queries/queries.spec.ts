import { describe, expect, it } from '@jest/globals';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { LIMITS } from '../../../lib/protocol/limits.js';
import { Queries } from '../../../lib/queries/queries.js';
import { RecordingApi } from '../../support/http/recording-api.js';

function setUp(...responses: unknown[]) {
  const api = new RecordingApi(responses);
  return { api, queries: new Queries({ api, rules: { server: 'pusher', limits: LIMITS.pusher } }) };
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

describe('channelUsers', () => {
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
