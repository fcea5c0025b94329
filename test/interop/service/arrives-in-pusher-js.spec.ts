import { describe, expect, it } from '@jest/globals';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { collect, next, settled, serverWithClients } from '../../support/testing/clients.js';

const setup = serverWithClients();
const CHANNELS = ['news', 'private-a', 'presence-a', 'private-encrypted-a', 'cache-a'];
const member = { user_id: '1', user_info: {} };

describe('what the service triggers', () => {
  it.each(CHANNELS)('arrives in pusher-js on %s', async (name) => {
    const pusher = await startPusher(setup().server.options);
    const channel = await setup().subscribed(await setup().client({ member }), name);
    const data = { text: 'Grüße, 世界 👋🏽', n: 1 };
    const arrived = next(channel, 'created');
    await pusher.trigger(name, 'created', data);
    await expect(arrived).resolves.toEqual(data);
  });

  it.each(CHANNELS)('arrives from a batch on %s', async (name) => {
    const pusher = await startPusher(setup().server.options);
    const channel = await setup().subscribed(await setup().client({ member }), name);
    const arrived = next(channel, 'created');
    await pusher.triggerBatch([
      { channel: 'other', event: 'created', data: 0 },
      { channel: name, event: 'created', data: [1, 2] },
    ]);
    await expect(arrived).resolves.toEqual([1, 2]);
  });

  it.each(CHANNELS)('does not arrive at the excluded socket on %s', async (name) => {
    const pusher = await startPusher(setup().server.options);
    const [one, two] = await Promise.all([setup().client({ member }), setup().client({ member })]);
    const arrivedAtOne = collect(await setup().subscribed(one, name), 'created');
    const arrivedAtTwo = collect(await setup().subscribed(two, name), 'created');
    await pusher.trigger(name, 'created', 'x', { socketId: one.connection.socket_id });
    await Promise.all([settled(one), settled(two)]);
    expect([arrivedAtOne, arrivedAtTwo]).toEqual([[], ['x']]);
  });

  it('arrives at every connection of a signed-in user', async () => {
    const pusher = await startPusher(setup().server.options);
    const client = await setup().client({ user: { id: 'user-1' } });
    client.signin();
    await setup().server.waitForSubscription('#server-to-user-user-1');
    const arrived = next(client.user, 'paid');
    await pusher.sendToUser('user-1', 'paid', { id: 7 });
    await expect(arrived).resolves.toEqual({ id: 7 });
  });
});

describe('sendToUser with many users', () => {
  it('arrives at all of them, and at nobody else', async () => {
    const pusher = await startPusher(setup().server.options);
    const clients = await Promise.all(
      ['u1', 'u2', 'u3'].map(async (id) => {
        const client = await setup().client({ user: { id } });
        client.signin();
        await setup().server.waitForSubscription(`#server-to-user-${id}`);
        return client;
      }),
    );
    const arrived = clients.map((client) => collect(client.user, 'paid'));
    const absent = Array.from({ length: 20 }, (_, at) => `absent-${at}`);
    await pusher.sendToUser(['u1', ...absent, 'u3'], 'paid', { id: 7 });
    await Promise.all(clients.map(settled));
    expect(arrived).toEqual([[{ id: 7 }], [], [{ id: 7 }]]);
  });
});

describe('terminateUserConnections', () => {
  it('closes the connections of a signed-in user', async () => {
    const pusher = await startPusher(setup().server.options);
    const client = await setup().client({ user: { id: 'user-1' } });
    client.signin();
    await setup().server.waitForSubscription('#server-to-user-user-1');
    const closed = next(client.connection, 'disconnected');
    await pusher.terminateUserConnections('user-1');
    await closed;
    const { server } = setup();
    await server.until(() => server.connections().length === 0, 'the connection to be closed');
  });
});
