import { describe, expect, it } from '@jest/globals';
import {
  type PusherClient,
  collect,
  next,
  settled,
  serverWithClients,
} from '../../support/testing/clients.js';

interface Presence {
  user_ids: string[];
}

describe('signed-in users of pusher-js', () => {
  const setup = serverWithClients({ apps: [{}, { watchlistEvents: false }] });

  const signedIn = async (id: string, watchlist?: string[], appId?: string) => {
    const user = { id, user_info: { name: id }, ...(watchlist && { watchlist }) };
    const client = await setup().client({ user, ...(appId && { appId }) });
    client.signin();
    await setup().server.until(() => isOnUserChannel(client, id), `${id} to be signed in`);
    return client;
  };
  const isOnUserChannel = (client: PusherClient, id: string) =>
    setup()
      .server.connections()
      .some(
        ({ socketId, userId, channels }) =>
          socketId === client.connection.socket_id &&
          userId === id &&
          channels.includes(`#server-to-user-${id}`),
      );

  it('receive what is sent to them, on every connection, and nobody else does', async () => {
    const [one, two, other] = [await signedIn('ada'), await signedIn('ada'), await signedIn('bob')];
    const arrived = [one, two].map((client) => next(client.user, 'paid'));
    const received = collect(other.user, 'paid');
    await setup().official().sendToUser('ada', 'paid', { sum: 7 });
    expect(await Promise.all(arrived)).toEqual([{ sum: 7 }, { sum: 7 }]);
    await settled(other);
    expect(received).toEqual([]);
  });

  it('need not be connected', async () => {
    const response = await setup().official().sendToUser('nobody', 'paid', {});
    expect([response.status, await response.text()]).toEqual([200, '{}']);
  });

  it('are signed in again after the connection was lost', async () => {
    const client = await signedIn('ada');
    await setup().server.disconnectAll(4200);
    await setup().server.until(() => isOnUserChannel(client, 'ada'), 'ada to be back');
    const arrived = next(client.user, 'paid');
    await setup().official().sendToUser('ada', 'paid', 1);
    expect(await arrived).toBe(1);
  });

  it('are not listed as channels, and cause no webhooks', async () => {
    await signedIn('ada');
    const response = await setup().official().get({ path: '/channels' });
    expect(await response.json()).toEqual({ channels: {} });
    expect(setup().server.webhooks()).toEqual([]);
  });

  it('are refused with the signature for another user', async () => {
    const client = await setup().client({
      options: {
        userAuthentication: {
          endpoint: '',
          transport: 'ajax',
          customHandler: ({ socketId }, callback) => {
            const { auth } = setup().official().authenticateUser(socketId, { id: 'bob' });
            callback(null, { auth, user_data: '{"id":"ada"}' });
          },
        },
      },
    });
    const refusal = next(client.connection, 'error');
    client.signin();
    expect(await refusal).toMatchObject({ type: 'PusherError', data: { code: 4009 } });
    expect(setup().server.connections()[0]).not.toHaveProperty('userId');
  });

  it('are disconnected when they are terminated, and do not reconnect', async () => {
    const [one, two, other] = [await signedIn('ada'), await signedIn('ada'), await signedIn('bob')];
    const member = await setup().client({ member: { user_id: 'ada' } });
    await setup().subscribed(member, 'presence-room');
    const gone = [one, two].map((client) => next(client.connection, 'disconnected'));
    const response = await setup().official().terminateUserConnections('ada');
    expect([response.status, await response.text()]).toEqual([200, '{}']);
    await Promise.all(gone);
    expect([other.connection.state, member.connection.state]).toEqual(['connected', 'connected']);
  });

  it('are notified who of their watchlist is online, and who comes and goes', async () => {
    await signedIn('bob');
    const client = await setup().client({ user: { id: 'ada', watchlist: ['bob', 'eve'] } });
    const online = collect<Presence>(client.user.watchlist, 'online');
    const offline = collect<Presence>(client.user.watchlist, 'offline');
    client.signin();
    await next(client.user.watchlist, 'offline');
    expect([online, offline].map((all) => all.map(({ user_ids }) => user_ids))).toEqual([
      [['bob']],
      [['eve']],
    ]);
    const eve = await signedIn('eve');
    await settled(client);
    expect(online.map(({ user_ids }) => user_ids)).toEqual([['bob'], ['eve']]);
    const secondEve = await signedIn('eve');
    await settled(client);
    expect(online.map(({ user_ids }) => user_ids)).toEqual([['bob'], ['eve']]);
    eve.disconnect();
    await setup().server.until(() => setup().server.connections().length === 3);
    await settled(client);
    expect(offline).toHaveLength(1);
    secondEve.disconnect();
    expect(await next<Presence>(client.user.watchlist, 'offline')).toMatchObject({
      user_ids: ['eve'],
    });
  });

  it('are not notified when watchlists are disabled', async () => {
    const client = await setup().client({
      user: { id: 'ada', watchlist: ['bob'] },
      appId: '2',
    });
    const received = collect(client.user.watchlist, 'offline');
    client.signin();
    await setup().server.waitForSubscription('#server-to-user-ada');
    await settled(client);
    expect(received).toEqual([]);
  });

  it('receive an error for a watchlist that is too long', async () => {
    const watchlist = Array.from({ length: 101 }, (_, n) => `user-${n}`);
    const client = await setup().client({ user: { id: 'ada', watchlist } });
    const offline = next<Presence>(client.user.watchlist, 'offline');
    const warning = next(client.connection, 'error');
    client.signin();
    expect((await offline).user_ids).toHaveLength(100);
    expect(await warning).toMatchObject({ data: { code: 4302 } });
    await setup().server.waitForSubscription('#server-to-user-ada');
  });
});
