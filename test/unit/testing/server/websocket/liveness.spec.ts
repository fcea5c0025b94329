import { describe, expect, it } from '@jest/globals';
import OfficialPusher from 'pusher';
import { ManualClock, PusherTestServer } from '../../../../../lib/testing/index.js';
import { RawSocket } from '../../../../support/testing/raw-socket.js';

describe('a connection', () => {
  it('is sent a ping when it is silent, and closed with 4201 when no pong comes back', async () => {
    const clock = new ManualClock();
    const server = await PusherTestServer.start({ clock });
    const { socket } = await RawSocket.connected(server);
    await clock.advance(149_999);
    expect(await socket.settled()).toEqual([]);
    await clock.advance(149_999);
    expect(socket.waiting).toEqual([]);
    await clock.advance(1);
    expect(await socket.next()).toEqual({ event: 'pusher:ping', data: '{}' });
    await clock.advance(29_999);
    expect(server.connections()).toHaveLength(1);
    await clock.advance(1);
    expect(await socket.closed).toMatchObject({ code: 4201 });
    await server.stop();
  });

  it('stays open when a pong comes back', async () => {
    const clock = new ManualClock();
    const server = await PusherTestServer.start({ clock, activityTimeoutSeconds: 30 });
    const { socket } = await RawSocket.connected(server);
    for (let round = 0; round < 3; round += 1) {
      await clock.advance(60_000);
      expect(await socket.next()).toMatchObject({ event: 'pusher:ping' });
      socket.send({ event: 'pusher:pong', data: {} });
      await socket.settled();
    }
    expect(server.connections()).toHaveLength(1);
    await server.stop();
  });

  it('is closed with 4009 when it is not authorized in time', async () => {
    const clock = new ManualClock();
    const server = await PusherTestServer.start({
      clock,
      apps: [{ authorizationTimeoutMs: 10_000 }],
    });
    const { socket } = await RawSocket.connected(server);
    await socket.request({ event: 'pusher:subscribe', data: { channel: 'public' } });
    const official = new OfficialPusher({ ...server.options, port: String(server.port) });
    const subscriber = await RawSocket.connected(server);
    const auth = official.authorizeChannel(subscriber.socketId, 'private-a');
    await subscriber.socket.request({
      event: 'pusher:subscribe',
      data: { ...auth, channel: 'private-a' },
    });
    const user = await RawSocket.connected(server);
    const data = official.authenticateUser(user.socketId, { id: 'ada' });
    await user.socket.request({ event: 'pusher:signin', data });
    await clock.advance(10_000);
    expect(await socket.closed).toEqual({
      code: 4009,
      reason: 'Connection not authorized within timeout',
    });
    expect(await subscriber.socket.settled()).toEqual([]);
    expect(await user.socket.settled()).toEqual([]);
    await server.stop();
  });
});
