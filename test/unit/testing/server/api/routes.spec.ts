import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../../../lib/testing/index.js';
import { sendSigned } from '../../../../support/testing/signed-request.js';

const event = { name: 'e', data: 'd', channels: ['a'] };
const long = (length: number) => 'x'.repeat(length);
const toNobody = (url: URL) => (url.pathname = '/apps/none/channels');
const DATA_TOO_LARGE =
  'The data content of this event exceeds the allowed maximum (10240 bytes). ' +
  'See https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info';

describe('the HTTP API of the test server', () => {
  let server: PusherTestServer;
  beforeAll(async () => {
    server = await PusherTestServer.start({ apps: [{}, { id: 'off', enabled: false }] });
  });
  afterAll(() => server.stop());

  it.each([
    ['one channel by its own name', { name: 'e', data: 'd', channel: 'a' }],
    ['a hundred channels', { ...event, channels: Array.from({ length: 100 }, (_, n) => `c${n}`) }],
    ['data of exactly 10240 bytes', { ...event, data: long(10_240) }],
    ['names of 200 characters', { ...event, name: long(200), channels: [long(200)] }],
    ['the channel of a user', { ...event, channels: ['#server-to-user-42'] }],
    ['a socket id that nobody has', { ...event, socket_id: '1.1' }],
    ['an event name with dots and backslashes', { ...event, name: 'App\\Events.made:now' }],
  ])('publishes with %s', async (_what, body) => {
    expect(await sendSigned(server, { path: '/events', body })).toEqual({
      status: 200,
      text: '{}',
      type: 'application/json',
    });
  });

  it.each([
    ['no name', { data: 'd', channels: ['a'] }, 'Expected name parameter to be a string'],
    ['no data', { name: 'e', channels: ['a'] }, 'Expected data parameter to be a string'],
    ['an object as data', { ...event, data: {} }, 'Expected data parameter to be a string'],
    ['empty data', { ...event, data: '' }, 'Expected data parameter not to be empty'],
    ['no channel', { ...event, channels: [] }, 'Expected channels parameter to name at least one'],
    ['channels that are not a list', { ...event, channels: 'a' }, 'Expected channels parameter'],
    [
      '101 channels',
      { ...event, channels: Array.from({ length: 101 }, (_, n) => `c${n}`) },
      'Cannot publish to more than 100 channels',
    ],
    ['a bad channel name', { ...event, channels: ['a b'] }, 'Invalid channel name'],
    ['a channel name that is not a string', { ...event, channels: [7] }, 'Invalid channel name'],
    ['a channel name of 201 characters', { ...event, channels: [long(201)] }, 'Invalid channel'],
    [
      'the channel of a user without an id',
      { ...event, channels: ['#server-to-user-'] },
      'Invalid channel name',
    ],
    ['another channel with #', { ...event, channels: ['#a'] }, 'Invalid channel name'],
    ['an event name of 201 characters', { ...event, name: long(201) }, 'Event name must have'],
    ['an empty event name', { ...event, name: '' }, 'Event name must have'],
    ['a bad socket id', { ...event, socket_id: 'one' }, 'Invalid socket_id'],
    ['an unknown attribute', { ...event, info: 'weather' }, 'Invalid info attribute: weather'],
    ['the cache as attribute', { ...event, info: 'cache' }, 'Invalid info attribute: cache'],
    [
      'attributes that are not a string',
      { ...event, info: 7 },
      'Expected info parameter to be a string',
    ],
    ...['pusher', 'pusher-notification', 'pusher:x', 'pusher_internal:member_added'].map(
      (name): [string, object, string] => [
        `the event name ${name}`,
        { ...event, name },
        "The 'pusher' namespace is reserved for internal usage",
      ],
    ),
    ['a body that is a list', [event], 'The request body is not a JSON object'],
    ['a body that is not JSON', '{', 'The request body is not valid JSON'],
  ])('responds with 400 to %s', async (_what, body, text) => {
    const reply = await sendSigned(server, { path: '/events', body });
    expect(reply).toMatchObject({ status: 400, type: 'text/plain' });
    expect(reply.text).toContain(text);
    expect(reply.text).toMatch(/\n$/);
  });

  it.each([
    ['10241 bytes of ASCII', long(10_241)],
    ['fewer characters that are more bytes', 'ä'.repeat(5121)],
  ])('responds with 413 to data of %s', async (_what, data) => {
    const reply = await sendSigned(server, { path: '/events', body: { ...event, data } });
    expect(reply).toMatchObject({ status: 413, text: `${DATA_TOO_LARGE}\n` });
  });

  it('responds with 413 to a body above the limit, and keeps the connection', async () => {
    const body = { ...event, data: long(1024 * 1024) };
    expect(await sendSigned(server, { path: '/events', body })).toMatchObject({ status: 413 });
    expect(await sendSigned(server, { path: '/channels' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['no list of events', { batch: {} }, 'Expected batch parameter to be an array'],
    ['eleven events', { batch: Array.from({ length: 11 }, () => event) }, 'Batch too large (> 10)'],
    ['an event that is not an object', { batch: [null] }, 'Expected name parameter to be a string'],
    ['a list of channels for an event', { batch: [event] }, 'Invalid channel name'],
    [
      'a reserved event name',
      { batch: [{ name: 'pusher_internal:member_added', channel: 'a', data: 'd' }] },
      "The 'pusher' namespace is reserved for internal usage",
    ],
  ])('responds with 400 to a batch with %s', async (_what, body, text) => {
    const reply = await sendSigned(server, { path: '/batch_events', body });
    expect(reply).toMatchObject({ status: 400, text: `${text}\n` });
  });

  it('publishes nothing of a batch when one event is not valid', async () => {
    const before = server.published().length;
    const batch = [
      { channel: 'a', name: 'e', data: 'd' },
      { channel: 'a b', name: 'e', data: 'd' },
    ];
    expect(await sendSigned(server, { path: '/batch_events', body: { batch } })).toMatchObject({
      status: 400,
    });
    expect(server.published()).toHaveLength(before);
  });

  it('publishes once to a channel that is listed twice', async () => {
    await sendSigned(server, { path: '/events', body: { ...event, channels: ['twice', 'twice'] } });
    expect(server.published().at(-1)?.channels).toEqual(['twice']);
  });

  it.each([
    [
      '/channels',
      { info: 'user_count' },
      /^user_count may only be requested for presence channels/,
    ],
    [
      '/channels',
      { info: 'user_count', filter_by_prefix: 'private-' },
      /filter_by_prefix beginning with presence-\n$/,
    ],
    ['/channels', { info: 'cache' }, /^Invalid info attribute: cache\n$/],
    [
      '/channels/news',
      { info: 'user_count' },
      /^Cannot retrieve the user count unless the channel is a presence channel\n$/,
    ],
    ['/channels/news', { info: 'cache' }, /^Cannot retrieve the cache unless/],
    ['/channels/a%20b', undefined, /^Invalid channel name\n$/],
    ['/channels/%ZZ', undefined, /^Invalid channel name\n$/],
    ['/channels/news/users', undefined, /presence channels\n$/],
    [
      '/channels/presence-a/users',
      { info: 'user_count' },
      /^The following query string parameters are extraneous: info\n$/,
    ],
  ])('responds with 400 to GET %s with %j', async (path, params, text) => {
    const reply = await sendSigned(server, { path, ...(params && { params }) });
    expect(reply).toMatchObject({ status: 400, text: expect.stringMatching(text) });
  });

  it.each([
    ['/channels', '{"channels":{}}'],
    ['/channels/news', '{"occupied":false}'],
    ['/channels/presence-a/users', '{"users":[]}'],
  ])('responds to GET %s when no client is connected', async (path, text) => {
    expect(await sendSigned(server, { path })).toMatchObject({ status: 200, text });
  });

  it.each([
    ['an unknown path', { path: '/nothing' }],
    ['another method', { path: '/events', method: 'GET' as const }],
    ['a path too long', { path: '/events/more' }],
  ])('responds with 404 to %s', async (_what, question) => {
    const reply = await sendSigned(server, question);
    expect(reply).toEqual({ status: 404, text: '404 NOT FOUND\n', type: 'text/plain' });
  });

  it('responds with 404 for an unknown app, and 403 for a disabled one', async () => {
    expect(await sendSigned(server, { path: '/channels', tamper: toNobody })).toMatchObject({
      status: 404,
    });
    expect(await sendSigned(server, { path: '/channels', appId: 'off' })).toMatchObject({
      status: 403,
    });
  });

  it.each([
    ['space', 'a b'],
    ['plus', 'a+b'],
    ['percent', '100%'],
    ['ampersand and hash', 'a&b#c'],
    ['umlaut', 'ä€😀'],
  ])('verifies a query value with %s', async (_what, value) => {
    const params = { filter_by_prefix: value };
    expect(await sendSigned(server, { path: '/channels', params })).toMatchObject({ status: 200 });
  });

  it.each([
    ['a changed value', (url: URL) => url.searchParams.set('filter_by_prefix', 'b')],
    ['an added value', (url: URL) => url.searchParams.set('info', 'subscription_count')],
    ['a removed signature', (url: URL) => url.searchParams.delete('auth_signature')],
    ['the key of another app', (url: URL) => url.searchParams.set('auth_key', 'test-key-2')],
    ['the path of another app', (url: URL) => (url.pathname = '/apps/off/channels')],
  ])('responds with 401 to %s', async (_what, tamper) => {
    const params = { filter_by_prefix: 'a' };
    expect(await sendSigned(server, { path: '/channels', params, tamper })).toMatchObject({
      status: 401,
      type: 'text/plain',
    });
  });

  it('responds with 400 for a user id that is not valid', async () => {
    const path = '/users/a%20b/terminate_connections';
    expect(await sendSigned(server, { path, body: {} })).toMatchObject({
      status: 400,
      text: 'Invalid user id\n',
    });
  });

  it('responds to many requests at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        sendSigned(server, { path: '/events', body: { ...event, name: `many-${n}` } }),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const many = server.published().filter((published) => published.event.startsWith('many-'));
    expect(new Set(many.map((published) => published.event)).size).toBe(200);
  });
});

describe('the port of the test server', () => {
  let server: PusherTestServer;
  beforeAll(async () => {
    server = await PusherTestServer.start();
  });
  afterAll(() => server.stop());

  it.each([
    [
      'disconnects in the middle of a request',
      'POST /apps/a/events HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf',
    ],
    ['does not speak HTTP', '\u0000\u0001garbage\r\n\r\n'],
    [
      'upgrades to an unknown protocol',
      'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: magic\r\n\r\n',
    ],
    [
      'upgrades with a bad key',
      'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: no\r\n\r\n',
    ],
  ])('survives a client that %s', async (_what, text) => {
    const client = connect(server.port, '127.0.0.1');
    const closed = once(client, 'close');
    client
      .on('error', () => undefined)
      .resume()
      .end(text);
    await closed;
    expect(await sendSigned(server, { path: '/channels' })).toMatchObject({ status: 200 });
  });
});
