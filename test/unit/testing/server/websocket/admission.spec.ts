import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../../../lib/testing/index.js';
import { RawSocket } from '../../../../support/testing/raw-socket.js';

describe('the admission of sockets', () => {
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
  ])('accepts %s', async (path) => {
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
  ])('closes %s with %i, without a frame before', async (path, code, reason) => {
    const socket = RawSocket.open(server, path);
    expect(await socket.closed).toEqual({ code, reason });
    expect(socket.waiting).toEqual([]);
  });

  it('shortens long paths and keys in the close reason', async () => {
    const long = 'k'.repeat(4000);
    expect(await RawSocket.open(server, `/app/${long}`).closed).toMatchObject({ code: 4001 });
    expect(await RawSocket.open(server, `/${long}`).closed).toMatchObject({ code: 4005 });
  });

  it('accepts sockets behind the path prefix', async () => {
    const prefixed = await PusherTestServer.start({ pathPrefix: '/realtime/' });
    expect(prefixed.clientOptions.wsPath).toBe('/realtime');
    const inside = await RawSocket.open(prefixed, `/realtime/app/${prefixed.key}`).next();
    expect(inside.event).toBe('pusher:connection_established');
    expect(await RawSocket.open(prefixed).closed).toMatchObject({ code: 4005 });
    await prefixed.stop();
  });
});
