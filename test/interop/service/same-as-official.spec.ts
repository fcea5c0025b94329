import { describe, expect, it } from '@jest/globals';
import type OfficialPusher from 'pusher';
import type { PusherService } from '../../../lib/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { serverWithClients } from '../../support/testing/clients.js';

const setup = serverWithClients({ apps: [{ subscriptionCount: true }] });

/** A request as the server receives it, without what differs by time and by library. */
function received(request: ReturnType<ReturnType<typeof setup>['server']['requests']>[number]) {
  const { auth_signature: _signature, auth_timestamp: _time, ...query } = request.query;
  const { method, path, body, status } = request;
  return { method, path, query, body, status };
}

type Official = (pusher: OfficialPusher) => Promise<unknown>;
type Ours = (pusher: PusherService) => Promise<unknown>;

const CALLS: [string, Official, Ours][] = [
  [
    'one channel',
    (pusher) => pusher.trigger('news', 'created', { id: 1, text: 'ü "quoted" \u2028' }),
    (pusher) => pusher.trigger('news', 'created', { id: 1, text: 'ü "quoted" \u2028' }),
  ],
  [
    'several channels, a string, an excluded socket, info',
    (pusher) =>
      pusher.trigger(['presence-a', 'b'], 'e', 'text', {
        socket_id: '1.2',
        info: 'user_count,subscription_count',
      }),
    (pusher) =>
      pusher.trigger(['presence-a', 'b'], 'e', 'text', {
        socketId: '1.2',
        info: ['userCount', 'subscriptionCount'],
      }),
  ],
  [
    'a hundred channels',
    (pusher) => pusher.trigger(hundred, 'e', null),
    (pusher) => pusher.trigger(hundred, 'e', null),
  ],
  [
    'a batch',
    (pusher) =>
      pusher.triggerBatch([
        { channel: 'a', name: 'one', data: { n: 1 } },
        { channel: 'b', name: 'two', data: 'text', socket_id: '1.2' },
      ]),
    (pusher) =>
      pusher.triggerBatch([
        { channel: 'a', event: 'one', data: { n: 1 } },
        { channel: 'b', event: 'two', data: 'text', socketId: '1.2' },
      ]),
  ],
  [
    'an event to a user',
    (pusher) => pusher.sendToUser('user-1', 'paid', { id: 7 }),
    (pusher) => pusher.sendToUser('user-1', 'paid', { id: 7 }),
  ],
  [
    'the termination of a user’s connections',
    (pusher) => pusher.terminateUserConnections('user-1'),
    (pusher) => pusher.terminateUserConnections('user-1'),
  ],
  [
    'the list of channels',
    (pusher) =>
      pusher.get({
        path: '/channels',
        params: { filter_by_prefix: 'presence-', info: 'user_count' },
      }),
    (pusher) => pusher.channels({ prefix: 'presence-', info: ['userCount'] }),
  ],
  [
    'the state of a channel',
    (pusher) => pusher.get({ path: '/channels/presence-a', params: { info: 'user_count' } }),
    (pusher) => pusher.channel('presence-a', { info: ['userCount'] }),
  ],
  [
    'the users of a channel',
    (pusher) => pusher.get({ path: '/channels/presence-a/users' }),
    (pusher) => pusher.channelUsers('presence-a'),
  ],
  [
    'a path that the server does not know',
    (pusher) => pusher.get({ path: '/nothing' }).catch(() => undefined),
    (pusher) => pusher.get('/nothing').catch(() => undefined),
  ],
];
const hundred = Array.from({ length: 100 }, (_, at) => `c${at}`);

describe('the service and the official package', () => {
  it.each(CALLS)('send the same request for %s', async (_what, official, ours) => {
    const { server } = setup();
    await official(setup().official());
    await ours(await startPusher(server.options));
    const [theirs, own, ...more] = server.requests().map(received);
    expect(own).toEqual(theirs);
    expect(more).toEqual([]);
  });

  it('encrypt into the same form', async () => {
    const { server } = setup();
    const pusher = await startPusher(server.options);
    await pusher.trigger('private-encrypted-a', 'e', { n: 1 });
    await setup().official().trigger('private-encrypted-a', 'e', { n: 1 });
    const [own, theirs] = server.published().map(({ data }) => JSON.parse(data) as object);
    expect(Object.keys(own ?? {})).toEqual(Object.keys(theirs ?? {}));
  });

  it('authorize with the same results', async () => {
    const { server } = setup();
    const pusher = await startPusher(server.options);
    const official = setup().official();
    const member = { user_id: '1', user_info: { name: 'A' } };
    expect(pusher.authorizeChannel('1.2', 'private-a')).toEqual(
      official.authorizeChannel('1.2', 'private-a'),
    );
    expect(pusher.authorizeChannel('1.2', 'private-encrypted-a')).toEqual(
      official.authorizeChannel('1.2', 'private-encrypted-a'),
    );
    expect(
      pusher.authorizeChannel('1.2', 'presence-a', { userId: '1', userInfo: { name: 'A' } }),
    ).toEqual(official.authorizeChannel('1.2', 'presence-a', member));
    const user = { id: '1', user_info: { name: 'A' }, watchlist: ['2'] };
    expect(
      pusher.authenticateUser('1.2', { id: '1', userInfo: { name: 'A' }, watchlist: ['2'] }),
    ).toEqual(official.authenticateUser('1.2', user));
  });

  it('sign query strings that the server accepts', async () => {
    const { server } = setup();
    const pusher = await startPusher(server.options);
    const { appId, host, port } = server.options;
    const request = { method: 'GET', path: `/apps/${appId}/channels` } as const;
    for (const query of [
      pusher.createSignedQueryString({ ...request, query: { filter_by_prefix: 'a b+%&#=ü?' } }),
      setup()
        .official()
        .createSignedQueryString({ ...request, params: {} }),
    ]) {
      const response = await fetch(`http://${host}:${port}${request.path}?${query}`);
      expect(response.status).toBe(200);
    }
  });
});

describe('the service', () => {
  it('reads counts and users from the server', async () => {
    const { server } = setup();
    const client = await setup().client({ member: { user_id: '1' } });
    await setup().subscribed(client, 'presence-a');
    const pusher = await startPusher(server.options);
    await expect(pusher.channels({ prefix: 'presence-', info: ['userCount'] })).resolves.toEqual({
      'presence-a': { occupied: true, userCount: 1 },
    });
    await expect(pusher.channelUsers('presence-a')).resolves.toEqual([{ id: '1' }]);
    await expect(pusher.trigger('presence-a', 'e', 1, { info: ['userCount'] })).resolves.toEqual({
      channels: { 'presence-a': { userCount: 1 } },
    });
  });
});
