import { describe, expect, it } from '@jest/globals';
import { collect, next, settled, serverWithClients } from '../../support/testing/clients.js';

describe('the official packages around the test server', () => {
  const setup = serverWithClients({ apps: [{ subscriptionCount: true }] });

  it.each(['news', 'private-news', 'private-encrypted-news'])('delivers on %s', async (name) => {
    const channel = await setup().subscribed(await setup().client(), name);
    const arrived = next(channel, 'published');
    const response = await setup().official().trigger(name, 'published', { title: 'ä' });
    expect([response.status, await response.text()]).toEqual([200, '{}']);
    expect(await arrived).toEqual({ title: 'ä' });
  });

  it('delivers on a presence channel, and lists who is there', async () => {
    const client = await setup().client({ member: { user_id: '1', user_info: { name: 'Ada' } } });
    const channel = client.subscribe('presence-room');
    const members = await next(channel, 'pusher:subscription_succeeded');
    expect(members).toMatchObject({ count: 1, me: { id: '1', info: { name: 'Ada' } } });
    const arrived = next(channel, 'hello');
    await setup().official().trigger('presence-room', 'hello', 'text');
    expect(await arrived).toBe('text');
  });

  it('leaves out the excluded connection on every channel', async () => {
    const [sender, other] = [await setup().client(), await setup().client()];
    const receivedBySender = [];
    for (const name of ['a', 'b']) {
      receivedBySender.push(collect(await setup().subscribed(sender, name), 'moved'));
      await setup().subscribed(other, name);
    }
    const receivedByOther = collect(other, 'moved');
    await setup()
      .official()
      .trigger(['a', 'b'], 'moved', 1, { socket_id: sender.connection.socket_id });
    await Promise.all([settled(sender), settled(other)]);
    expect(receivedBySender).toEqual([[], []]);
    expect(receivedByOther).toEqual([1, 1]);
  });

  it('delivers a batch, encrypted events included', async () => {
    const client = await setup().client();
    const plain = await setup().subscribed(client, 'news');
    const sealed = await setup().subscribed(client, 'private-encrypted-news');
    const arrived = [next(plain, 'one'), next(sealed, 'two')];
    await setup()
      .official()
      .triggerBatch([
        { channel: 'news', name: 'one', data: { n: 1 } },
        { channel: 'private-encrypted-news', name: 'two', data: { n: 2 } },
      ]);
    expect(await Promise.all(arrived)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('responds to queries', async () => {
    const official = setup().official();
    await setup().subscribed(await setup().client(), 'news');
    const client = await setup().client({ member: { user_id: '7' } });
    await setup().subscribed(client, 'presence-room');
    const get = async (path: string, params?: Record<string, string>) =>
      (await official.get({ path, params })).json() as Promise<unknown>;
    expect(await get('/channels')).toEqual({ channels: { news: {}, 'presence-room': {} } });
    expect(await get('/channels', { filter_by_prefix: 'presence-', info: 'user_count' })).toEqual({
      channels: { 'presence-room': { user_count: 1 } },
    });
    expect(await get('/channels/news', { info: 'subscription_count' })).toEqual({
      occupied: true,
      subscription_count: 1,
    });
    expect(await get('/channels/presence-room/users')).toEqual({ users: [{ id: '7' }] });
  });
});
