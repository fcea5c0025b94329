import { describe, expect, it } from '@jest/globals';
import type { Options } from 'pusher-js';
import {
  type ClientOptionsRequest,
  clientOptionsOf,
  type PusherClientOptions,
} from '../../../../lib/options/address/client-options.js';
import type { PusherModuleOptions } from '../../../../lib/options/pusher-module-options.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';

const APP = { appId: '1', key: 'app-key', secret: 'marker-secret' };

function clientOptions(
  options: PusherModuleOptions,
  request?: ClientOptionsRequest,
): PusherClientOptions {
  return clientOptionsOf(resolveOptions({ ...APP, ...options }, {}), request);
}

/** The part that says where the server is. */
function serverFor(options: PusherModuleOptions, request?: ClientOptionsRequest): object {
  const { key, channelAuthorization, userAuthentication, ...server } = clientOptions(
    options,
    request,
  );
  expect([key, channelAuthorization.transport, userAuthentication.transport]).toEqual([
    'app-key',
    'ajax',
    'ajax',
  ]);
  return server;
}

describe('clientOptions', () => {
  it.each<[string, PusherModuleOptions, ClientOptionsRequest | undefined, object]>([
    ['a cluster', { cluster: 'eu' }, undefined, { cluster: 'eu', forceTLS: true }],
    [
      'the host of a cluster',
      { host: 'api-us2.pusher.com' },
      {},
      { cluster: 'us2', forceTLS: true },
    ],
    ['the first cluster', {}, undefined, { cluster: 'mt1', forceTLS: true }],
    [
      'a cluster that the application reaches without TLS',
      { cluster: 'eu', useTLS: false },
      {},
      { cluster: 'eu', forceTLS: true },
    ],
    [
      'soketi on this machine',
      { server: 'soketi', host: '127.0.0.1', port: 6001, useTLS: false },
      {},
      {
        cluster: '',
        wsHost: '127.0.0.1',
        wsPort: 6001,
        wssPort: 6001,
        forceTLS: false,
        enabledTransports: ['ws'],
      },
    ],
    [
      'a server with TLS and a path',
      { host: 'ws.example.com', pathPrefix: '/pusher/' },
      {},
      {
        cluster: '',
        wsHost: 'ws.example.com',
        wsPort: 443,
        wssPort: 443,
        wsPath: '/pusher',
        forceTLS: true,
        enabledTransports: ['ws', 'wss'],
      },
    ],
    [
      'Reverb that clients reach by another address',
      { server: 'reverb', host: 'reverb', port: 8080, useTLS: false, pathPrefix: 'internal' },
      { host: 'ws.example.com', useTLS: true, port: 8443, path: '' },
      {
        cluster: '',
        wsHost: 'ws.example.com',
        wsPort: 8443,
        wssPort: 8443,
        forceTLS: true,
        enabledTransports: ['ws', 'wss'],
      },
    ],
    [
      'an IPv6 address',
      { host: '::1', port: 6001, useTLS: false },
      {},
      expect.objectContaining({ wsHost: '[::1]' }),
    ],
  ])('leads to %s', (_what, options, request, expected) => {
    expect(serverFor(options, request)).toEqual(expected);
  });

  it('uses the usual port when clients use TLS on another host than the application', () => {
    const options = { host: 'reverb', port: 8080, useTLS: false };
    expect(serverFor(options, { host: 'ws.example.com', useTLS: true })).toMatchObject({
      wssPort: 443,
    });
  });

  it.each<[string, ClientOptionsRequest | undefined, string]>([
    ['the origin of the page', undefined, '/pusher'],
    ['another path', { authPath: 'api/v1/realtime/' }, '/api/v1/realtime'],
    ['the root of the page', { authPath: '/' }, ''],
    ['another port', { origin: 'http://[::1]:3000' }, 'http://[::1]:3000/pusher'],
    ['another origin', { origin: 'https://api.example.com/' }, 'https://api.example.com/pusher'],
  ])('names the endpoints on %s', (_what, request, base) => {
    const { channelAuthorization, userAuthentication } = clientOptions({ cluster: 'eu' }, request);
    expect([channelAuthorization.endpoint, userAuthentication.endpoint]).toEqual([
      `${base}/auth`,
      `${base}/user-auth`,
    ]);
  });

  it('has no secret', () => {
    expect(JSON.stringify(clientOptions({}))).not.toContain('marker');
  });

  it('takes strings that are clearly numbers or booleans, and empty ones as left out', () => {
    const written = { host: 'ws', port: '6001', useTLS: 'false', origin: '', authPath: '' };
    expect(clientOptions({}, written as unknown as ClientOptionsRequest)).toEqual(
      clientOptions({}, { host: 'ws', port: 6001, useTLS: false }),
    );
    const empty = { host: '', port: '', useTLS: '' } as unknown as ClientOptionsRequest;
    expect(clientOptions({}, empty)).toEqual(clientOptions({}));
  });

  it('treats null and undefined as left out', () => {
    const nothing = { origin: null, port: undefined } as unknown as ClientOptionsRequest;
    expect(clientOptions({}, nothing)).toEqual(clientOptions({}));
  });

  it.each<[object, RegExp]>([
    [{ authEndpoint: '/a' }, /`authEndpoint` is not an option; use `authPath`/],
    [{ wsHost: 'a' }, /`wsHost` is not an option; use `host`/],
    [{ port: '6001x' }, /`port` must be a TCP port, .*; "6001x" was given\./],
    [{ port: 70_000 }, /65535; 70000 was given\./],
    [{ port: NaN }, /NaN was given\./],
    [{ useTLS: 'yes' }, /`useTLS` must be a boolean; "yes" was given\./],
    [{ host: 'https://ws.example.com' }, /`host` must be a host name .*; a string was given\./],
    [{ host: 'ws.local:6001' }, /; a string was given\./],
    [{ origin: 'api.example.com' }, /`origin` must be the origin of the application/],
    [{ origin: '//evil.example' }, /`origin` must be the origin/],
    [{ origin: 'javascript:alert(1)' }, /`origin` must be the origin/],
    [{ origin: 'https://a.example\\@evil.example' }, /`origin` must be the origin/],
    [{ origin: 'https://user:hunter2@a.example' }, /; a string was given\. A path belongs in/],
    [{ origin: 'https://a.example/api' }, /A path belongs in `authPath`\./],
    [{ origin: 'https://a.example:99999' }, /`origin` must be the origin/],
    [{ origin: ' https://a.example' }, /`origin` must be the origin/],
    [
      { authPath: '//evil.example' },
      /`authPath` must be a plain path such as "\/pusher"; a string/,
    ],
    [{ authPath: 'https://a.example/pusher' }, /`authPath` must be a plain path/],
    [{ authPath: '/pusher?a=1' }, /`authPath` must be a plain path/],
    [{ authPath: '/a/%2e%2e/b' }, /`authPath` must be a plain path/],
    [{ path: '/ws#a' }, /`path` must be a plain path/],
    [{ origin: 5 }, /`origin` must be a string; 5 was given\./],
    ['/pusher' as unknown as object, /`options` must be an object/],
  ])('refuses %j', (request, message) => {
    expect(() => clientOptions({}, request)).toThrow(message);
  });

  it('has the type that pusher-js takes', () => {
    const { key, ...options } = clientOptions({ cluster: 'eu' });
    const taken: Options = options;
    expect([key, taken.cluster]).toEqual(['app-key', 'eu']);
  });
});
