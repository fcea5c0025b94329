import { describe, expect, it } from '@jest/globals';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { collect, next, settled, serverWithClients } from '../../support/testing/clients.js';

const ROOM = 'presence-room';
const ada = { user_id: 'ada', user_info: { name: 'Ada' } };
const bob = { user_id: 'bob', user_info: { name: 'Bob' } };

interface Members {
  count: number;
  me: { id: string; info: unknown };
  members: Record<string, unknown>;
}

describe('pusher-js on presence channels', () => {
  const setup = serverWithClients({ apps: [{ subscriptionCount: true }] });

  it('receives itself and the members who were there before', async () => {
    await setup().subscribed(await setup().client({ member: ada }), ROOM);
    const channel = (await setup().client({ member: bob })).subscribe(ROOM);
    const members = await next<Members>(channel, 'pusher:subscription_succeeded');
    expect(members).toMatchObject({
      count: 2,
      me: { id: 'bob', info: { name: 'Bob' } },
      members: { ada: { name: 'Ada' }, bob: { name: 'Bob' } },
    });
  });

  it('is notified of who comes and goes, but not of itself', async () => {
    const channel = await setup().subscribed(await setup().client({ member: ada }), ROOM);
    const coming = collect(channel, 'pusher:member_added');
    const going = next(channel, 'pusher:member_removed');
    const other = await setup().client({ member: bob });
    await setup().subscribed(other, ROOM);
    other.unsubscribe(ROOM);
    expect(await going).toEqual({ id: 'bob', info: { name: 'Bob' } });
    expect(coming).toEqual([{ id: 'bob', info: { name: 'Bob' } }]);
  });

  it('is notified of members whose connection was lost', async () => {
    const channel = await setup().subscribed(await setup().client({ member: ada }), ROOM);
    const going = next(channel, 'pusher:member_removed');
    const other = await setup().client({ member: bob });
    await setup().subscribed(other, ROOM);
    other.disconnect();
    expect(await going).toMatchObject({ id: 'bob' });
  });

  it('is gone at the first query after it has disconnected', async () => {
    const pusher = await startPusher(setup().server.options);
    for (let round = 0; round < 5; round += 1) {
      const client = await setup().client({ member: ada, user: { id: 'ada' } });
      await setup().subscribed(client, ROOM);
      await expect(pusher.channelUsers(ROOM)).resolves.toEqual([{ id: 'ada' }]);
      client.disconnect();
      await expect(pusher.channelUsers(ROOM)).resolves.toEqual([]);
    }
  });

  it('counts a user with several connections once', async () => {
    const watcher = await setup().client({ member: ada });
    const channel = await setup().subscribed(watcher, ROOM);
    const [added, removed] = ['pusher:member_added', 'pusher:member_removed'].map((event) =>
      collect(channel, event),
    );
    const twice = [await setup().client({ member: bob }), await setup().client({ member: bob })];
    for (const client of twice) await setup().subscribed(client, ROOM);
    twice[0]?.unsubscribe(ROOM);
    if (twice[0]) await settled(twice[0]);
    await settled(watcher);
    expect([added, removed]).toEqual([[{ id: 'bob', info: { name: 'Bob' } }], []]);
    twice[1]?.unsubscribe(ROOM);
    await next(channel, 'pusher:member_removed');
    expect(removed).toHaveLength(1);
  });

  it.each([
    ['a number for the user', 7, '7'],
    ['a zero for the user', 0, '0'],
    ['letters for the user', 'ä', 'ä'],
  ])('accepts %s', async (_what, user_id, shown) => {
    const client = await setup().client({ member: { user_id } as never });
    await setup().subscribed(client, ROOM);
    const response = await setup()
      .official()
      .get({ path: `/channels/${ROOM}/users` });
    expect(await response.json()).toEqual({ users: [{ id: shown }] });
  });

  it('is a member by its sign-in alone', async () => {
    const client = await setup().client({ user: { id: 'ada', user_info: { name: 'Ada' } } });
    client.signin();
    const channel = client.subscribe(ROOM);
    const members = await next<Members>(channel, 'pusher:subscription_succeeded');
    expect(members).toMatchObject({ count: 1, me: { id: 'ada', info: { name: 'Ada' } } });
  });

  it('is counted where the application requests the count', async () => {
    for (const member of [ada, bob, bob])
      await setup().subscribed(await setup().client({ member }), ROOM);
    const official = setup().official();
    const response = await official.trigger(
      [ROOM, 'news'],
      'event',
      {},
      { info: 'user_count,subscription_count' },
    );
    expect(await response.json()).toEqual({
      channels: {
        [ROOM]: { user_count: 2, subscription_count: 3 },
        news: { subscription_count: 0 },
      },
    });
    const batch = await official.triggerBatch([
      { channel: ROOM, name: 'event', data: {}, info: 'user_count' },
      { channel: 'news', name: 'event', data: {} },
    ]);
    expect(await batch.json()).toEqual({ batch: [{ user_count: 2 }, {}] });
  });
});
