import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PusherModuleOptions } from '../../../lib/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { RAW_CERTIFICATE, RAW_CERTIFICATE_KEY } from '../../support/raw/certificate.js';
import { RawProxy } from '../../support/raw/proxy.js';
import { RawServer } from '../../support/raw/server.js';
import { triggerInTurn } from '../../support/http/trigger-in-turn.js';

const EVENTS = 300;
const REQUESTS_PER_CONNECTION = 25;
const PAIR = { cert: RAW_CERTIFICATE, key: RAW_CERTIFICATE_KEY };

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** Closes each connection after so many requests, as servers and load balancers do. */
function closing(): RequestListener {
  const counts = new WeakMap<Socket, number>();
  return ({ socket }, response) => {
    const count = (counts.get(socket) ?? 0) + 1;
    counts.set(socket, count);
    if (count === REQUESTS_PER_CONNECTION) response.setHeader('connection', 'close');
    response.end('{}');
  };
}

describe('tunnels through a proxy are used again', () => {
  it.each<[string, number, PusherModuleOptions, boolean]>([
    ['by one caller', 1, {}, false],
    ['by eight callers', 8, {}, false],
    ['by eight callers, over TLS', 8, { http: { tls: { ca: RAW_CERTIFICATE } } }, true],
    ['by eight callers, in batches', 8, { batching: true }, false],
  ])('%s', async (_whom, callers, { http, ...options }, useTLS) => {
    const server = await RawServer.start(closing(), useTLS ? PAIR : undefined);
    endings.push(() => server.stop());
    const proxy = await RawProxy.start();
    endings.push(() => proxy.stop());
    const account = { appId: '3', key: 'key', secret: 'secret', host: '127.0.0.1' };
    const pusher = await startPusher({
      ...account,
      port: server.port,
      useTLS,
      http: { ...http, proxy: proxy.address },
      ...options,
    });
    await triggerInTurn(pusher, EVENTS, callers);
    expect(proxy.tunnels.length).toBeLessThanOrEqual(20);
    expect(server.connections).toBe(proxy.tunnels.length);
  });
});
