import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import OfficialPusher from 'pusher';
import { ManualClock, PusherTestServer } from '../../../../lib/testing/index.js';
import { RawSocket } from '../../../support/testing/raw-socket.js';
import { sendSigned } from '../../../support/testing/signed-request.js';

const MINUTE = 60_000;

describe('the test server', () => {
  let server: PusherTestServer;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    // The official package, which signs the requests, takes the time from here.
    jest.spyOn(Date, 'now').mockImplementation(() => clock.now());
    server = await PusherTestServer.start({
      clock,
      apps: [{ subscriptionCount: true }],
      limits: { subscriptionCountsAtOnce: 2 },
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await server.stop();
  });

  const join = async (channel: string) => {
    const { socket, socketId } = await RawSocket.connected(server);
    const official = new OfficialPusher({ ...server.options, port: String(server.port) });
    const auth = official.authorizeChannel(socketId, channel);
    socket.send({ event: 'pusher:subscribe', data: { ...auth, channel } });
    return { socket, frames: await socket.settled() };
  };
  const publish = (channel: string, data: string) =>
    sendSigned(server, { path: '/events', body: { name: 'e', channel, data } });

  const cacheOf = async () => {
    const reply = await sendSigned(server, {
      path: '/channels/cache-a',
      params: { info: 'cache' },
    });
    return (JSON.parse(reply.text) as { cache: unknown }).cache;
  };

  it('forgets a cached event after half an hour', async () => {
    await publish('cache-a', 'first');
    await clock.advance(10 * MINUTE);
    await publish('cache-a', 'last');
    expect(await cacheOf()).toEqual({ data: 'last', ttl: 1800 });
    await clock.advance(30 * MINUTE - 500);
    expect((await join('cache-a')).frames[1]).toEqual({
      event: 'e',
      channel: 'cache-a',
      data: 'last',
    });
    await clock.advance(500);
    expect((await join('cache-a')).frames[1]).toEqual({
      event: 'pusher:cache_miss',
      channel: 'cache-a',
      data: '{}',
    });
  });

  it('accepts ten client events of a connection in a second', async () => {
    const { socket } = await join('private-a');
    const other = await join('private-a');
    const say = async (times: number) => {
      for (let n = 0; n < times; n += 1)
        socket.send({ event: 'client-a', channel: 'private-a', data: n });
      const refused = await socket.settled();
      return refused.filter(({ event }) => event === 'pusher:error');
    };
    expect(await say(10)).toEqual([]);
    expect(await say(2)).toMatchObject([{ data: { code: 4301 } }, { data: { code: 4301 } }]);
    await clock.advance(999);
    expect(await say(1)).toHaveLength(1);
    await clock.advance(1);
    expect(await say(10)).toEqual([]);
    const received = await other.socket.settled();
    expect(received.filter(({ event }) => event === 'client-a')).toHaveLength(20);
  });

  it('sends the number of many subscribers at most every five seconds', async () => {
    const { socket } = await join('news');
    const counts = async () =>
      (await socket.settled())
        .filter(({ event }) => event === 'pusher_internal:subscription_count')
        .map(
          ({ data }) =>
            (JSON.parse(String(data)) as { subscription_count: number }).subscription_count,
        );
    const others = [await join('news'), await join('news'), await join('news'), await join('news')];
    expect(await counts()).toEqual([2]);
    await clock.advance(4999);
    expect(await counts()).toEqual([]);
    await clock.advance(1);
    expect(await counts()).toEqual([5]);
    for (const other of others) {
      other.socket.send({ event: 'pusher:unsubscribe', data: { channel: 'news' } });
      await other.socket.settled();
    }
    expect(await counts()).toEqual([2, 1]);
    await clock.advance(60_000);
    expect(await counts()).toEqual([]);
  });
});
