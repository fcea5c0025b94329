import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OfficialPusher from 'pusher';
import { ManualClock, PusherTestServer } from '../../../lib/testing/index.js';
import { RawSocket } from '../../support/raw/socket.js';

describe('who is let in', () => {
  let server: PusherTestServer;
  beforeAll(async () => {
    server = await PusherTestServer.start({
      apps: [
        { key: 'open', previousCredentials: [{ key: 'older', secret: 's' }] },
        { key: 'off', enabled: false },
        { key: 'tls', tlsOnly: true },
        { key: 'full', maxConnections: 0 },
      ],
    });
  });
  afterAll(() => server.stop());

  it.each([
    '/app/open?protocol=7&client=js&version=8.6.0&flash=false',
    '/app/open?protocol=4',
    '/app/open',
    '/app/open?version=7.0.0-beta.1',
    '/app/older?protocol=7',
  ])('lets %s in', async (path) => {
    expect(await RawSocket.open(server, path).next()).toMatchObject({
      event: 'pusher:connection_established',
    });
  });

  it.each([
    ['/app/off', 4003, 'Application disabled'],
    ['/app/tls', 4000, 'Application only accepts SSL connections, reconnect using wss://'],
    ['/app/full', 4004, 'Application is over connection quota'],
    ['/apps/open', 4005, 'Path not found: /apps/open'],
    [
      '/app/nobody',
      4001,
      'App key nobody not in this cluster. Did you forget to specify the cluster?',
    ],
    ['/app/open?protocol=3', 4007, 'Unsupported protocol version'],
    ['/app/open?protocol=8', 4007, 'Unsupported protocol version'],
    ['/app/open?protocol=seven', 4007, 'Unsupported protocol version'],
    ['/app/open?protocol=7&version=new', 4006, 'Invalid version string format'],
  ])('closes %s with %i and no frame before', async (path, code, reason) => {
    const socket = RawSocket.open(server, path);
    expect(await socket.closed).toEqual({ code, reason });
    expect(socket.waiting).toEqual([]);
  });

  it('closes long paths and keys with reasons that fit', async () => {
    const long = 'k'.repeat(4000);
    expect(await RawSocket.open(server, `/app/${long}`).closed).toMatchObject({ code: 4001 });
    expect(await RawSocket.open(server, `/${long}`).closed).toMatchObject({ code: 4005 });
  });

  it('has its sockets behind the path prefix', async () => {
    const prefixed = await PusherTestServer.start({ pathPrefix: '/realtime/' });
    expect(prefixed.clientOptions.wsPath).toBe('/realtime');
    const inside = await RawSocket.open(prefixed, `/realtime/app/${prefixed.key}`).next();
    expect(inside.event).toBe('pusher:connection_established');
    expect(await RawSocket.open(prefixed).closed).toMatchObject({ code: 4005 });
    await prefixed.stop();
  });
});

describe('how long silence lasts', () => {
  it('asks a silent client, and closes with 4201 when nothing comes back', async () => {
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

  it('is content with a pong', async () => {
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

  it('closes with 4009 whoever has proved nothing in time', async () => {
    const clock = new ManualClock();
    const server = await PusherTestServer.start({
      clock,
      apps: [{ authorizationTimeoutMs: 10_000 }],
    });
    const { socket } = await RawSocket.connected(server);
    await socket.ask({ event: 'pusher:subscribe', data: { channel: 'public' } });
    const official = new OfficialPusher({ ...server.options, port: String(server.port) });
    const subscriber = await RawSocket.connected(server);
    const auth = official.authorizeChannel(subscriber.socketId, 'private-a');
    await subscriber.socket.ask({
      event: 'pusher:subscribe',
      data: { ...auth, channel: 'private-a' },
    });
    const user = await RawSocket.connected(server);
    const data = official.authenticateUser(user.socketId, { id: 'ada' });
    await user.socket.ask({ event: 'pusher:signin', data });
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
