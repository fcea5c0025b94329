import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { PusherTestServer } from '../../../../lib/testing/index.js';
import { RawSocket } from '../../../support/testing/raw-socket.js';

/** Less than the 30 s that ws itself waits for a client, far more than a busy machine needs. */
const MAX_STOP_MS = 20_000;

describe('PusherTestServer.stop', () => {
  it('closes 200 open sockets together', async () => {
    const server = await PusherTestServer.start();
    const sockets = await Promise.all(
      Array.from({ length: 200 }, () => RawSocket.connected(server)),
    );
    await Promise.all(
      sockets.map(({ socket }) =>
        socket.request({ event: 'pusher:subscribe', data: { channel: 'news' } }),
      ),
    );
    expect(server.connections()).toHaveLength(200);
    const startedMs = performance.now();
    await server.stop();
    expect(performance.now() - startedMs).toBeLessThan(MAX_STOP_MS);
    const codes = await Promise.all(sockets.map(({ socket }) => socket.closed));
    expect(new Set(codes.map(({ code }) => code))).toEqual(new Set([1001]));
    expect(server.connections()).toEqual([]);
  });

  it('does not wait for clients that do not respond', async () => {
    const server = await PusherTestServer.start();
    const idle = new Socket().connect(server.port, '127.0.0.1');
    const silent = new Socket().connect(server.port, '127.0.0.1');
    silent.write(
      `GET /app/${server.key} HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n',
    );
    await server.until(() => server.connections().length === 1, 'the client that does not respond');
    const startedMs = performance.now();
    await server.stop();
    expect(performance.now() - startedMs).toBeLessThan(MAX_STOP_MS);
    idle.destroy();
    silent.destroy();
  });

  it('can be called again, also at the same time', async () => {
    const server = await PusherTestServer.start();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    await expect(fetch(server.url.replace(/\/\/.*@/, '//'))).rejects.toThrow('fetch failed');
    expect(server.options.port).toBe(server.port);
  });

  it('is called by await using', async () => {
    const server = await PusherTestServer.start();
    await server[Symbol.asyncDispose]();
    await expect(PusherTestServer.start({ port: server.port }).then((s) => s.stop())).resolves.toBe(
      undefined,
    );
  });
});

describe('two servers', () => {
  it('share nothing', async () => {
    const [one, two] = await Promise.all([PusherTestServer.start(), PusherTestServer.start()]);
    await RawSocket.connected(one);
    expect(one.port).not.toBe(two.port);
    expect([one.connections().length, two.connections().length]).toEqual([1, 0]);
    await Promise.all([one.stop(), two.stop()]);
  });
});

describe('disconnectAll', () => {
  it.each([4200, 4100, 4001, 1000])('closes all connections with %i', async (code) => {
    const server = await PusherTestServer.start({ apps: [{}, {}] });
    const sockets = [
      await RawSocket.connected(server),
      await RawSocket.connected(server, '/app/test-key-2'),
    ];
    await server.disconnectAll(code, 'on purpose');
    expect(server.connections()).toEqual([]);
    for (const { socket } of sockets)
      expect(await socket.closed).toEqual({ code, reason: 'on purpose' });
    await server.stop();
  });

  it('ends all connections without a close frame', async () => {
    const server = await PusherTestServer.start();
    const { socket } = await RawSocket.connected(server);
    await server.disconnectAll('cut');
    expect(await socket.closed).toMatchObject({ code: 1006 });
    await server.stop();
  });
});
