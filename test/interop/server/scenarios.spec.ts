import { describe, expect, it } from '@jest/globals';
import type { PresenceChannel } from 'pusher-js';
import { collect, next, settled, serverWithClients } from '../../support/testing/clients.js';

// What the suites of pusher-fake, soketi, Laravel Reverb and pusher-js expect of a server, in our words,
// as far as the other files of this folder do not test it already.

type Query = Record<string, string>;

function member(id: string | number, name = 'somebody') {
  return { member: { user_id: String(id), user_info: { name } } };
}

describe('scenarios that other servers are tested with', () => {
  const setup = serverWithClients({
    apps: [{ subscriptionCount: true }, { clientEvents: false }],
    limits: { maxChannelNameLength: 25, maxChannelsPerTrigger: 2, maxEventsPerBatch: 2 },
  });
  const query = async (path: string, params?: Query) => {
    const response = await setup()
      .official()
      .get({ path, ...(params && { params }) });
    return (await response.json()) as unknown;
  };
  const info = { info: 'user_count,subscription_count' };

  it('lists no channels, one channel, and those with a prefix', async () => {
    expect(await query('/channels')).toEqual({ channels: {} });
    const client = await setup().client();
    await setup().subscribed(client, 'public-1');
    expect(await query('/channels')).toEqual({ channels: { 'public-1': {} } });
    await setup().subscribed(client, 'other');
    expect(await query('/channels', { filter_by_prefix: 'pu' })).toEqual({
      channels: { 'public-1': {} },
    });
  });

  it('lists each user of a presence channel once, and none when all are gone', async () => {
    const clients = [];
    for (const id of [1, 2, 1]) {
      const client = await setup().client(member(id));
      await setup().subscribed(client, 'presence-game');
      clients.push(client);
    }
    expect(await query('/channels/presence-game/users')).toEqual({
      users: [{ id: '1' }, { id: '2' }],
    });
    expect(await query('/channels/presence-game', info)).toEqual({
      occupied: true,
      user_count: 2,
      subscription_count: 3,
    });
    for (const client of clients) client.disconnect();
    const { server } = setup();
    await server.until(() => server.connections().length === 0, 'everybody to go');
    expect(await query('/channels/presence-game/users')).toEqual({ users: [] });
    expect(await query('/channels/presence-game', info)).toEqual({
      occupied: false,
      user_count: 0,
      subscription_count: 0,
    });
  });

  it('does not count a client that is only connected as a member', async () => {
    const channel = await setup().subscribed(await setup().client(member(1)), 'presence-game');
    const joined = collect(channel, 'pusher:member_added');
    await settled(await setup().client(member(2)));
    expect(joined).toEqual([]);
    expect(await query('/channels/presence-game', info)).toMatchObject({ user_count: 1 });
  });

  it('lists the right members while three come and go', async () => {
    const watcher = await setup().client(member('one', 'one'));
    const channel = (await setup().subscribed(watcher, 'presence-game')) as PresenceChannel;
    const others = [];
    for (const name of ['two', 'three']) {
      const client = await setup().client(member(name, name));
      await setup().subscribed(client, 'presence-game');
      others.push(client);
    }
    await settled(watcher);
    expect(channel.members.count).toBe(3);
    expect(channel.members.get('three')).toEqual({ id: 'three', info: { name: 'three' } });
    const removed = next(channel, 'pusher:member_removed');
    others.at(-1)?.disconnect();
    await removed;
    expect(channel.members.count).toBe(2);
    expect(channel.members.get('three')).toBeNull();
  });

  it('subscribes one connection to many channels, and many to one', async () => {
    const names = ['news', 'private-news', 'presence-news', 'cache-news'];
    const [one, two] = [await setup().client(member(1)), await setup().client(member(2))];
    for (const name of names) await setup().subscribed(one, name);
    await setup().subscribed(two, 'news');
    expect(await query('/channels', { info: 'subscription_count' })).toEqual({
      channels: {
        news: { subscription_count: 2 },
        'private-news': { subscription_count: 1 },
        'presence-news': { subscription_count: 1 },
        'cache-news': { subscription_count: 1 },
      },
    });
  });

  it('delivers to three on a channel, and to the subscribers of two channels', async () => {
    const arrived = [];
    for (const names of [['news', 'sport'], ['news'], ['news']]) {
      const client = await setup().client();
      for (const name of names)
        arrived.push(next(await setup().subscribed(client, name), 'App\\Events\\Happened'));
    }
    await setup().official().trigger(['news', 'sport'], 'App\\Events\\Happened', { foo: 'bar' });
    expect(await Promise.all(arrived)).toEqual(Array.from({ length: 4 }, () => ({ foo: 'bar' })));
  });

  it('delivers to everybody when the excluded connection is gone', async () => {
    const client = await setup().client();
    const arrived = next(await setup().subscribed(client, 'news'), 'event');
    await setup().official().trigger('news', 'event', 1, { socket_id: '1234.1234' });
    expect(await arrived).toBe(1);
  });

  it('returns the requested attributes for one channel of two', async () => {
    await setup().subscribed(await setup().client(member(1)), 'presence-one');
    const response = await setup()
      .official()
      .trigger(['presence-one', 'two'], 'event', {}, { info: 'user_count' });
    expect(await response.json()).toEqual({
      channels: { 'presence-one': { user_count: 1 }, two: {} },
    });
  });

  it('applies the limits that it is given', async () => {
    const official = setup().official();
    const long = 'a'.repeat(26);
    const client = await setup().client();
    const refusal = next(client.connection, 'error');
    client.subscribe(long);
    expect(await refusal).toMatchObject({ data: { message: `Invalid channel name: '${long}'` } });
    const event = { channel: 'a', name: 'event', data: {} };
    for (const sending of [
      official.trigger(['a', 'b', 'c'], 'event', {}),
      official.trigger(long, 'event', {}),
      official.triggerBatch([event, event, event]),
    ])
      await expect(sending).rejects.toMatchObject({ status: 400 });
  });

  it('forgets a channel when the last connection is lost', async () => {
    const { server } = setup();
    const client = await setup().client(member(1));
    await setup().subscribed(client, 'presence-game');
    await setup().subscribed(client, 'private-game');
    await server.disconnectAll('cut');
    expect(await query('/channels')).toEqual({ channels: {} });
  });

  it('sends a cached event to a second subscriber, not to the first again', async () => {
    const first = await setup().client();
    const received = collect(await setup().subscribed(first, 'cache-command'), 'command');
    await setup().official().trigger('cache-command', 'command', { n: 1 });
    const late = (await setup().client()).subscribe('cache-command');
    expect(await next(late, 'command')).toEqual({ n: 1 });
    await settled(first);
    expect(received).toEqual([{ n: 1 }]);
  });

  it('delivers large and unusual payloads unchanged', async () => {
    const channel = await setup().subscribed(await setup().client(), 'private-encrypted-a');
    for (const data of [{ text: '🎉 " \\ \n </script>' }, ['x'.repeat(7000)], { a: null }]) {
      const arrived = next(channel, 'event');
      await setup().official().trigger('private-encrypted-a', 'event', data);
      expect(await arrived).toEqual(data);
    }
  });
});
