import { describe, expect, it } from '@jest/globals';
import {
  type PusherClient,
  collect,
  next,
  settled,
  serverWithClients,
} from '../../support/testing/clients.js';

const KINDS = [
  'news',
  'private-news',
  'presence-news',
  'private-encrypted-news',
  'cache-news',
  'private-cache-news',
  'presence-cache-news',
  'private-encrypted-cache-news',
];

describe.each(KINDS)('pusher-js on %s', (name) => {
  const setup = serverWithClients();
  const connect = () => setup().client({ member: { user_id: '1', user_info: {} } });
  const publish = (data: unknown) => setup().official().trigger(name, 'event', data);
  const isEmpty = () =>
    setup()
      .server.connections()
      .every(({ channels }) => channels.length === 0);
  const isSubscribed = (client: PusherClient) => client.channel(name)?.subscribed ?? false;

  it('subscribes, receives, unsubscribes, and then receives nothing', async () => {
    const client = await connect();
    const channel = await setup().subscribed(client, name);
    const received = collect(channel, 'event');
    await publish({ n: 1 });
    await settled(client);
    expect(received).toEqual([{ n: 1 }]);
    client.unsubscribe(name);
    await settled(client);
    await publish({ n: 2 });
    await settled(client);
    expect(received).toEqual([{ n: 1 }]);
    expect(setup().server.connections()).toMatchObject([{ channels: [] }]);
  });

  it('is subscribed once, however often it subscribes', async () => {
    const client = await connect();
    client.subscribe(name);
    client.subscribe(name);
    await next(client.subscribe(name), 'pusher:subscription_succeeded');
    client.subscribe(name);
    await settled(client);
    expect(isSubscribed(client)).toBe(true);
    expect(setup().server.connections()).toMatchObject([{ channels: [name] }]);
  });

  it('is not subscribed when it unsubscribes at once', async () => {
    const client = await connect();
    client.subscribe(name);
    client.unsubscribe(name);
    client.unsubscribe(name);
    await setup().server.waitForSubscription(name);
    await setup().server.until(isEmpty, 'the channel to be empty');
    expect(isSubscribed(client)).toBe(false);
  });

  it('has left the channel for a query that follows', async () => {
    const client = await connect();
    for (let round = 0; round < 5; round += 1) {
      await setup().subscribed(client, name);
      client.unsubscribe(name);
      const response = await setup()
        .official()
        .get({ path: `/channels/${name}` });
      expect(await response.json()).toMatchObject({ occupied: false });
    }
  });

  it('is subscribed when it unsubscribes and subscribes at once', async () => {
    const client = await connect();
    client.subscribe(name);
    client.unsubscribe(name);
    const channel = await setup().subscribed(client, name);
    expect(isSubscribed(client)).toBe(true);
    const arrived = next(channel, 'event');
    await publish('hello');
    expect(await arrived).toBe('hello');
  });

  it('is subscribed again after it unsubscribed', async () => {
    const client = await connect();
    for (let round = 0; round < 3; round += 1) {
      await setup().subscribed(client, name);
      client.unsubscribe(name);
    }
    const channel = await setup().subscribed(client, name);
    const arrived = next(channel, 'event');
    await publish('hello');
    expect(await arrived).toBe('hello');
  });

  it('is subscribed again, with a new authorization, after the connection was lost', async () => {
    const client = await connect();
    const channel = await setup().subscribed(client, name);
    const firstId = client.connection.socket_id;
    const again = next(channel, 'pusher:subscription_succeeded');
    await setup().server.disconnectAll(4200);
    await again;
    expect(client.connection.socket_id).not.toBe(firstId);
    const arrived = next(channel, 'event');
    await publish('hello');
    expect(await arrived).toBe('hello');
  });
});

describe.each(KINDS.filter((name) => name.includes('cache-')))('the cache of %s', (name) => {
  const setup = serverWithClients();
  const client = () => setup().client({ member: { user_id: '1' } });

  it('is reported to the client when it is empty', async () => {
    const channel = (await client()).subscribe(name);
    expect(await next(channel, 'pusher:cache_miss')).toEqual({});
  });

  it('sends the last event, whatever its name, to new subscribers', async () => {
    const official = setup().official();
    await official.trigger(name, 'first', { n: 1 });
    await official.triggerBatch([{ channel: name, name: 'last', data: { n: 2 } }]);
    const channel = (await client()).subscribe(name);
    const firsts = collect(channel, 'first');
    expect(await next(channel, 'last')).toEqual({ n: 2 });
    expect(firsts).toEqual([]);
  });

  it('sends the event to the connection that was excluded', async () => {
    const sender = await client();
    const official = setup().official();
    await official.trigger(name, 'event', 1, { socket_id: sender.connection.socket_id });
    expect(await next(sender.subscribe(name), 'event')).toBe(1);
  });

  it('can be queried', async () => {
    const official = setup().official();
    const look = async () =>
      (await official.get({ path: `/channels/${name}`, params: { info: 'cache' } })).json();
    expect(await look()).toEqual({ occupied: false, cache: null });
    await official.trigger(name, 'event', 'text');
    expect(await look()).toMatchObject({
      occupied: false,
      cache: { data: expect.any(String), ttl: 1800 },
    });
  });
});

describe('subscription counts', () => {
  const setup = serverWithClients({ apps: [{ subscriptionCount: true }, {}] });

  it('are sent to all subscribers', async () => {
    const [one, two] = [await setup().client(), await setup().client()];
    const channel = one.subscribe('news');
    const counts = collect(channel, 'pusher:subscription_count');
    await next(channel, 'pusher:subscription_count');
    two.subscribe('news');
    await next(channel, 'pusher:subscription_count');
    two.unsubscribe('news');
    await next(channel, 'pusher:subscription_count');
    expect(counts).toEqual([
      { subscription_count: 1 },
      { subscription_count: 2 },
      { subscription_count: 1 },
    ]);
    expect(channel.subscriptionCount).toBe(1);
  });

  it('are not sent on presence channels, nor when they are disabled', async () => {
    const one = await setup().client({ member: { user_id: '1' } });
    const other = await setup().client({ appId: '2' });
    const received = [one, other].map((client) => collect(client, 'pusher:subscription_count'));
    await setup().subscribed(one, 'presence-room');
    await setup().subscribed(other, 'news');
    await Promise.all([settled(one), settled(other)]);
    expect(received).toEqual([[], []]);
  });
});
