import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PusherError, PusherModuleOptions } from '../../../lib/index.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { RAW_CERTIFICATE, RAW_CERTIFICATE_KEY } from '../../support/raw/certificate.js';
import { RawProxy, type RawProxyOptions } from '../../support/raw/proxy.js';
import { UNSAFE } from '../../support/unsafe-strings.js';

const open: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.stop()));
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ stop: () => new Promise((resolve) => server.close(resolve)) });
  return (server.address() as AddressInfo).port;
}

const SERVERS = {
  http: () => createHttp((_request, response) => void response.end('{}')),
  tls: () =>
    createHttps({ cert: RAW_CERTIFICATE, key: RAW_CERTIFICATE_KEY }, (_request, response) => {
      response.end('{}');
    }),
  /** As nginx responds to HTTP on a port for TLS. */
  nginx: () =>
    createHttp((_request, response) => {
      response.writeHead(400).end('The plain HTTP request was sent to HTTPS port');
    }),
  closing: () => createTcp((socket) => socket.once('data', () => socket.end())),
} satisfies Record<string, () => Server>;

async function proxy(options: RawProxyOptions): Promise<string> {
  const started = await RawProxy.start(options);
  open.push(started);
  return started.address.replace('://', '://user:marker-password@');
}

/** The message of the error, in which ports are named. */
async function messageFor(
  port: number,
  options: Partial<PusherModuleOptions>,
): Promise<PusherError> {
  const pusher = await startPusher({
    appId: '1',
    key: 'key',
    secret: 'secret',
    host: '127.0.0.1',
    port,
    retry: false,
    ...options,
  });
  return pusher.trigger('a', 'e', 1).then(
    () => {
      throw new Error('accepted');
    },
    (error: PusherError) => error,
  );
}

describe('a mistake in the options is told in words:', () => {
  it.each<[string, keyof typeof SERVERS, Partial<PusherModuleOptions>, RegExp]>([
    [
      'TLS on a port for HTTP',
      'http',
      {},
      /got no response: this port does not speak TLS \(ERR_SSL_\w+\)\. Set useTLS: false \(in a URL: http:\/\/\), or use the port for TLS\.$/,
    ],
    [
      'HTTP on a port for TLS',
      'tls',
      { useTLS: false },
      /got no response: other side closed.* If this port expects TLS, set useTLS: true\. /,
    ],
    [
      'HTTP on a port for TLS of nginx',
      'nginx',
      { useTLS: false },
      /returned 400: The plain HTTP request was sent to HTTPS port\. This port expects TLS\. Set useTLS: true\.$/,
    ],
    [
      'a self-signed certificate',
      'tls',
      {},
      /the certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. Trust it with http\.tls: \{ ca \}/,
    ],
    [
      'a certificate for another host',
      'tls',
      { http: { tls: { ca: RAW_CERTIFICATE, servername: 'other.example' } } },
      /the certificate is for another host \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Check `host`/,
    ],
    [
      'a port that closes the connection',
      'closing',
      {},
      /If this port does not speak TLS, set useTLS: false\. Check the server and the network\.$/,
    ],
  ])('%s', async (_what, server, options, words) => {
    const port = await portOf(SERVERS[server]());
    const error = await messageFor(port, options);
    expect(error.message).toMatch(words);
    expect(error.message).toContain(`POST /apps/1/events at 127.0.0.1:${port} `);
    expect(error.message).not.toMatch(UNSAFE);
  });

  it.each<[string, RawProxyOptions, RegExp]>([
    [
      'a proxy that requires credentials',
      { status: 407 },
      /the proxy 127\.0\.0\.1:\d+ refused the connection to the server with status 407\. Put the credentials into http\.proxy/,
    ],
    [
      'a proxy that forbids the host',
      { status: 403 },
      /the proxy 127.* with status 403\. .*NO_PROXY/,
    ],
    [
      'a proxy that cannot reach the server',
      { status: 502 },
      /the proxy 127.* with status 502\. The proxy could not reach the server/,
    ],
    [
      'a proxy that never responds',
      { mute: true },
      /within 100 ms \(no connection could be made through the proxy 127\.0\.0\.1:\d+\)\. Check http\.proxy/,
    ],
  ])('%s', async (_what, options, words) => {
    const port = await portOf(SERVERS.http());
    const address = await proxy(options);
    const error = await messageFor(port, {
      useTLS: false,
      timeoutMs: 100,
      http: { proxy: address },
    });
    expect(error.message).toMatch(words);
    expect(JSON.stringify(error) + error.stack).not.toContain('marker-password');
  });

  it('a proxy that is not there', async () => {
    const port = await portOf(SERVERS.http());
    const { message } = await messageFor(port, {
      useTLS: false,
      http: { proxy: 'http://user:marker-password@127.0.0.1:9' },
    });
    expect(message).toMatch(
      /got no response: the connection to the proxy 127\.0\.0\.1:9 failed: connect ECONNREFUSED 127\.0\.0\.1:9\. Check http\.proxy \(or HTTPS_PROXY/,
    );
  });

  it('an address that is not a proxy, and one with the wrong scheme', async () => {
    const port = await portOf(SERVERS.http());
    const plain = { useTLS: false, http: { proxy: `http://127.0.0.1:${port}` } };
    expect((await messageFor(port, plain)).message).toMatch(
      /the connection to the proxy 127\.0\.0\.1:\d+ failed: socket hang up/,
    );
    const secure = { useTLS: false, http: { proxy: `https://127.0.0.1:${port}` } };
    expect((await messageFor(port, secure)).message).toMatch(
      /the connection to the proxy 127\.0\.0\.1:\d+ failed: this port does not speak TLS \(EPROTO\)\. Check the scheme/,
    );
  });
});
