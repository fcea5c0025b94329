import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { PusherOptionsError } from '../../../lib/errors/pusher-options.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';

const app = { appId: '3', key: 'key', secret: 'secret' };
const resolve = (options: object, environment: Record<string, string> = {}) =>
  resolveOptions({ ...app, ...options }, environment);

/** The values when no option is written, or only that a group is enabled. */
const DEFAULTS = {
  name: 'default',
  server: 'pusher',
  timeoutMs: 5000,
  shutdownTimeoutMs: 5000,
  retry: {
    maxAttempts: 3,
    baseDelayMs: 100,
    maxDelayMs: 2000,
    deadlineMs: 10_000,
    retryUnanswered: false,
  },
  batching: {
    order: 'none',
    maxInFlight: 16,
    maxDelayMs: 1000,
    maxQueued: 10_000,
    whenFull: 'wait',
  },
  webhooks: { handlerTimeoutMs: 30_000, dedupe: { ttlMs: 600_000 } },
  http: { maxConnections: 256, keepAliveTimeoutMs: 10_000, maxResponseBytes: 5_242_880 },
};

const DOCUMENTATION = readFileSync(join(import.meta.dirname, '../../../docs/options.md'), 'utf8');

/** The cells of the table rows below a heading, up to the next heading. */
function tableBelow(heading: string): string[][] {
  const [, below = ''] = DOCUMENTATION.split(`\n${heading}\n`);
  const [section = ''] = below.split(/^## /m);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The defaults in the documentation by name; those that are described in words are `undefined`. */
function documented(): Record<string, unknown> {
  const rows = tableBelow('## All options').map((cells) => [cells[0], cells.at(-1)] as const);
  return Object.fromEntries(
    rows.map(([name = '', value = '']) => [name.replaceAll('`', ''), valueOf(value)]),
  );
}

function valueOf(cell: string): unknown {
  const text = /^`'(\w+)'`$/.exec(cell)?.[1];
  if (text !== undefined) return text;
  if (cell === '`true`' || cell === '`false`') return cell === '`true`';
  const number = /^\d+(?= \(|$)/.exec(cell)?.[0];
  return number === undefined ? undefined : Number(number);
}

function problemsOf(options: object, environment: Record<string, string> = {}): string[] {
  try {
    resolveOptions(options, environment);
  } catch (error) {
    if (error instanceof PusherOptionsError) return [...error.problems];
    throw error;
  }
  return [];
}

describe('the address of the API', () => {
  it.each([
    [{}, 'https://api.pusherapp.com'],
    [{ cluster: 'eu' }, 'https://api-eu.pusher.com'],
    [{ cluster: 'eu', host: 'h' }, 'https://h'],
    [{ host: 'h', port: 6001 }, 'https://h:6001'],
    [{ host: 'h', useTLS: false }, 'http://h'],
    [{ host: 'h', useTLS: false, port: 80 }, 'http://h'],
    [{ host: 'h', useTLS: false, port: 443 }, 'http://h:443'],
    [{ host: '::1', port: 1 }, 'https://[::1]:1'],
    [{ host: '[::1]' }, 'https://[::1]'],
    [{ host: '127.0.0.1' }, 'https://127.0.0.1'],
    [{ host: 'my_host.internal.' }, 'https://my_host.internal.'],
  ])('for %j is %s', (options, origin) => {
    expect(resolve(options).endpoint.origin).toBe(origin);
  });

  it.each([
    [{}, '', true],
    [{ pathPrefix: '' }, '', true],
    [{ pathPrefix: '/' }, '', true],
    [{ pathPrefix: 'pusher' }, '/pusher', true],
    [{ pathPrefix: '/a/b/' }, '/a/b', true],
    [{ pathPrefix: '/a', server: 'reverb' }, '/a', false],
    [{ pathPrefix: '/a', signPathPrefix: false }, '/a', false],
    [{ pathPrefix: '/a', server: 'reverb', signPathPrefix: true }, '/a', true],
  ])('for %j has the prefix %p, signed: %s', (options, pathPrefix, signPathPrefix) => {
    expect(resolve(options).endpoint).toMatchObject({ pathPrefix, signPathPrefix });
  });

  it.each([
    [3, '/apps/3'],
    ['my-app', '/apps/my-app'],
    ['my app/ü', '/apps/my%20app%2F%C3%BC'],
  ])('contains the app id %p as %s', (appId, appPath) => {
    expect(resolve({ appId }).endpoint.appPath).toBe(appPath);
  });
});

describe('the defaults', () => {
  it('are the expected values', () => {
    const { batching, webhooks, http, ...rest } = resolve({
      batching: true,
      webhooks: { dedupe: true },
    });
    const { name, server, timeoutMs, shutdownTimeoutMs, retry, limits, serialize } = rest;
    expect({ batching, webhooks, http, name, server, timeoutMs, shutdownTimeoutMs, retry }).toEqual(
      DEFAULTS,
    );
    expect(limits).toMatchObject({ maxDataBytes: 10_240, maxEventsPerBatch: 10 });
    expect(serialize).toBe(JSON.stringify);
  });

  it.each([
    ['retry', DEFAULTS.retry],
    ['batching', DEFAULTS.batching],
    ['webhooks.dedupe', DEFAULTS.webhooks.dedupe],
    ['http', DEFAULTS.http],
  ])('of `%s` are in its documentation, each with its value, and no other', (group, defaults) => {
    const named = Object.entries(defaults).map(([name, value]) => [`${group}.${name}`, value]);
    const written = Object.entries(documented()).filter(([name, value]) => {
      return name.startsWith(`${group}.`) && !name.endsWith('.dedupe') && value !== undefined;
    });
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(named));
  });

  it.each(['timeoutMs', 'shutdownTimeoutMs', 'server'] as const)(
    'of `%s` is the one in the documentation',
    (name) => {
      expect(resolve({})[name]).toBe(documented()[name]);
    },
  );

  it('disable what the documentation says is disabled', () => {
    expect(documented()).toMatchObject({ batching: false, 'webhooks.dedupe': false });
    expect([resolve({}).batching, resolve({}).webhooks]).toEqual([
      undefined,
      { handlerTimeoutMs: 30_000 },
    ]);
  });

  it.each(['pusher', 'soketi', 'sockudo', 'reverb'])(
    'of the limits for %s are those in the documentation',
    (server) => {
      const [head, , ...rows] = tableBelow('## Servers and their limits');
      const column = head?.indexOf(server) ?? -1;
      const limits = rows.map(([name = '', ...cells]) => [
        name.replaceAll('`', ''),
        Number(cells[column - 1]),
      ]);
      expect(resolve({ server }).limits).toEqual(Object.fromEntries(limits));
    },
  );

  it.each([
    [{ server: 'soketi' }, { maxDataBytes: 102_400 }],
    [{ server: 'sockudo' }, { maxDataBytes: 102_400 }],
    [{ server: 'reverb' }, { maxEventsPerBatch: 1000, maxRequestBytes: 9_000 }],
    [
      { server: 'soketi', limits: { maxEventsPerBatch: 5 } },
      { maxDataBytes: 102_400, maxEventsPerBatch: 5 },
    ],
    [{ limits: { maxDataBytes: undefined } }, { maxDataBytes: 10_240 }],
  ])('of the limits for %j include %j', (options, limits) => {
    expect(resolve(options).limits).toMatchObject(limits);
  });

  it.each([undefined, null])('replace options that are %p', (value) => {
    const options = resolve({
      ...Object.fromEntries(
        ['server', 'timeoutMs', 'shutdownTimeoutMs'].map((name) => [name, value]),
      ),
      retry: { maxAttempts: value, retryUnanswered: value },
      batching: { maxQueued: value, whenFull: value },
      webhooks: { toleranceMs: value, dedupe: { store: value, ttlMs: value } },
      http: { maxConnections: value, proxy: value, tls: value, headers: value, axios: value },
      serialize: value,
    });
    expect(options).toMatchObject(DEFAULTS);
    expect(options.webhooks).toStrictEqual({
      handlerTimeoutMs: 30_000,
      dedupe: { ttlMs: 600_000 },
    });
    expect(options.http).toStrictEqual(DEFAULTS.http);
    expect(options.serialize).toBe(JSON.stringify);
    for (const group of ['limits', 'retry', 'webhooks', 'http', 'previousCredentials'])
      expect(resolve({ [group]: value })).toEqual(resolve({}));
  });

  it('disable retries by a single attempt', () => {
    expect(resolve({ retry: false }).retry.maxAttempts).toBe(1);
  });

  it('of batching apply when it is enabled, unless replaced', () => {
    expect(resolve({ batching: true }).batching).toMatchObject({ maxQueued: 10_000 });
    expect(resolve({ batching: { maxQueued: 5 } }).batching).toMatchObject({ maxQueued: 5 });
    expect(resolve({ batching: false }).batching).toBeUndefined();
  });

  it('of deduplication apply when it is enabled', () => {
    expect(resolve({ webhooks: { dedupe: true } }).webhooks.dedupe).toEqual({ ttlMs: 600_000 });
    expect(resolve({ webhooks: { dedupe: false } }).webhooks).toEqual({ handlerTimeoutMs: 30_000 });
  });
});

describe('strings, as the environment and ConfigService have them,', () => {
  it.each([
    [{ port: '6001' }, { endpoint: { origin: 'https://api.pusherapp.com:6001' } }],
    [{ port: ' 6001 ' }, { endpoint: { origin: 'https://api.pusherapp.com:6001' } }],
    [{ host: 'h', useTLS: 'false' }, { endpoint: { origin: 'http://h' } }],
    [{ host: 'h', useTLS: 'TRUE' }, { endpoint: { origin: 'https://h' } }],
    [
      { timeoutMs: '300', shutdownTimeoutMs: '0' },
      { timeoutMs: 300, shutdownTimeoutMs: 0 },
    ],
    [{ retry: 'false' }, { retry: { maxAttempts: 1 } }],
    [
      { retry: { maxAttempts: '5', retryUnanswered: 'true' } },
      { retry: { maxAttempts: 5, retryUnanswered: true } },
    ],
    [{ batching: 'true' }, { batching: { maxQueued: 10_000 } }],
    [{ batching: { maxQueued: '7', whenFull: 'reject' } }, { batching: { maxQueued: 7 } }],
    [{ limits: { maxDataBytes: '20480' } }, { limits: { maxDataBytes: 20_480 } }],
    [
      { webhooks: { toleranceMs: '300000', dedupe: 'true' } },
      { webhooks: { toleranceMs: 300_000, dedupe: { ttlMs: 600_000 } } },
    ],
    [{ webhooks: { dedupe: { ttlMs: '400000' } } }, { webhooks: { dedupe: { ttlMs: 400_000 } } }],
    [
      { http: { maxConnections: '3', proxy: 'false' } },
      { http: { maxConnections: 3, isMaxConnectionsSet: true } },
    ],
    [
      { appId: 7, key: 'true', secret: '12' },
      { appId: '7', credentials: { key: 'true' } },
    ],
    [{ cluster: 'eu', host: '' }, { endpoint: { origin: 'https://api-eu.pusher.com' } }],
    [{ port: '', pathPrefix: '', server: '', encryptionMasterKeyBase64: '' }, { server: 'pusher' }],
    [{ retry: { maxAttempts: '' }, http: { proxy: '' } }, { retry: { maxAttempts: 3 } }],
  ])('%j are read', (options, expected) => {
    expect(resolve(options)).toMatchObject(expected);
  });

  it.each([
    [
      { port: '6001x' },
      '`port` must be a TCP port, a whole number from 1 to 65535; "6001x" was given.',
    ],
    [{ port: '65536' }, 'a whole number from 1 to 65535; 65536 was given.'],
    [{ timeoutMs: '5s' }, 'from 1 to 3600000; "5s" was given. Write 5000.'],
    [{ timeoutMs: '1.5 min' }, '"1.5 min" was given. Write 90000.'],
    [{ timeoutMs: '5_000' }, '"5_000" was given. Write 5000.'],
    [{ timeoutMs: '2h' }, 'from 1 to 3600000; "2h" was given.'],
    [{ timeoutMs: '5 parsecs' }, 'from 1 to 3600000; a string was given.'],
    [{ timeoutMs: '1e3' }, '"1e3" was given.'],
    [{ timeoutMs: '0x10' }, '"0x10" was given.'],
    [{ timeoutMs: '5.5' }, '"5.5" was given.'],
    [{ timeoutMs: ' ' }, '" " was given.'],
    [{ timeoutMs: '5\ns' }, '"5\\ns" was given.'],
    [{ timeoutMs: -1 }, 'from 1 to 3600000; -1 was given.'],
    [{ timeoutMs: 1.5 }, 'from 1 to 3600000; 1.5 was given.'],
    [{ timeoutMs: Infinity }, 'from 1 to 3600000; Infinity was given.'],
    [{ retry: { maxAttempts: '5 ms' } }, '"5 ms" was given.'],
    [{ retry: { deadlineMs: '10s' } }, '"10s" was given. Write 10000.'],
    [{ limits: { maxDataBytes: '20kB' } }, '"20kB" was given. Write 20480.'],
    [{ http: { maxResponseBytes: '1 MiB' } }, '"1 MiB" was given. Write 1048576.'],
    [{ timeoutMs: 'a-secret-of-20-chars' }, 'from 1 to 3600000; a string was given.'],
    [{ timeoutMs: Promise.resolve(5) }, 'it is a promise: await it first.'],
    [{ timeoutMs: [5] }, 'an array was given'],
    [{ timeoutMs: true }, 'a boolean was given'],
    [{ useTLS: '1' }, '`useTLS` must be true or false; "1" was given. Write true.'],
    [{ useTLS: 'off' }, '"off" was given. Write false.'],
    [{ useTLS: 'maybe' }, '`useTLS` must be true or false; a string was given.'],
    [{ useTLS: 0 }, '`useTLS` must be true or false; 0 was given.'],
    [{ key: '"k"' }, '`key` has quotes around it. Remove them.'],
    [{ secret: "'s'" }, '`secret` has quotes around it. Remove them.'],
    [{ appId: '"7"' }, '`appId` has quotes around it. Remove them.'],
    [{ host: '"h"' }, '`host` has quotes around it. Remove them.'],
    [
      { previousCredentials: [{ key: '"k"', secret: 's' }] },
      '`previousCredentials[0].key` has quotes around it. Remove them.',
    ],
    [
      { previousCredentials: ['k:s'] },
      '`previousCredentials[0]` must be an object such as { key, secret }.',
    ],
    [
      { http: { headers: { 'X A': 'a' } } },
      '`http.headers` has "X A", which is not a valid header name.',
    ],
    [
      { http: { headers: { A: '1', B: 5 } } },
      '`http.headers` must map header names to strings; for "B" a number was given.',
    ],
    [
      { http: { headers: ['A: b'] } },
      '`http.headers` must map header names to strings; an array was given.',
    ],
    [
      { http: { tls: 'ca.pem' } },
      '`http.tls` must be an object such as { ca: readFileSync("ca.pem") }.',
    ],
    [{ http: { tls: { ca: 5 } } }, '`http.tls.ca` must be PEM, as a string, a Buffer or a list'],
    [{ http: { tls: { cert: [] } } }, '`http.tls.cert` must be PEM'],
    [{ http: { tls: { rejectUnauthorized: 'no' } } }, '"no" was given. Write false.'],
    [
      { http: { tls: { rejectUnauthorised: false } } },
      '`http.tls.rejectUnauthorised` is not an option; use `http.tls.rejectUnauthorized`.',
    ],
    [{ events: { 'a b': 5 } }, 'defineEvents({ name: schema }); for "a b" a number was given.'],
    [{ retry: 'never' }, 'must be an object with options, true or false; a string was given.'],
    [{ batching: 'on' }, '"on" was given. Write true.'],
    [{ server: 'Soketi' }, '"Soketi" was given. Write \'soketi\'.'],
    [{ delivery: 'none' }, "'send', 'log', 'off'; a string was given."],
    [{ batching: { order: 'channels' } }, '"channels" was given. Write \'channel\'.'],
    [{ server: 5 }, '; 5 was given.'],
    [{ key: 5 }, '; a number was given.'],
    [{ key: ' key' }, '`key` has white space around it. Remove it.'],
    [{ appId: '7 ' }, '`appId` has white space around it.'],
    [{ appId: {} }, '; an object was given.'],
    [{ cluster: 'eu\n' }, '`cluster` has white space around it.'],
    [{ host: ' h' }, '`host` has white space around it.'],
    [
      { previousCredentials: [{ key: 'k', secret: 's ' }] },
      '`previousCredentials[0].secret` has white space around it.',
    ],
    [
      { previousCredentials: [{ key: 'k', secret: '' }] },
      '`previousCredentials[0].secret` must be',
    ],
  ])('%j are a problem that names the type, or the white space', (options, expected) => {
    expect(problemsOf({ ...app, ...options })).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    [{ secret: 's\u200becret' }, '; it has invisible characters.'],
    [{ key: 'k\u00ad' }, '; it has invisible characters.'],
    [{ previousCredentials: [{ key: 'k', secret: 'a\nb' }] }, '; it has invisible characters.'],
    [{ pathPrefix: '/%2e%2e' }, '`pathPrefix` must be a plain path'],
    [{ pathPrefix: '/a/.%2E/b' }, '`pathPrefix` must be a plain path'],
    [{ url: 'https://k:s@real.example/%2e%2E/apps/1' }, '`pathPrefix` must be a plain path'],
    [{ host: 'fe80::1%eth0' }, '`host` must be a host name'],
    [{ host: '1.2.3.999' }, '`host` must be a host name'],
    [{ host: 'a..b' }, '`host` must be a host name'],
    [{ url: 'https://k:s@1.2.3.999/apps/1' }, '`host` must be a host name'],
    [{ http: { proxy: 'http://user:1/x@p.example:3128' } }, '`http.proxy` must be false, or an'],
    [{ http: { proxy: 'http://user:1\\x@p.example:3128' } }, '`http.proxy` must be false'],
    [{ http: { proxy: 'http://user:1?x@p.example:3128' } }, '`http.proxy` must be false'],
    [{ http: { proxy: 'http://p.example:3128/path' } }, '`http.proxy` must be false'],
    [{ http: { proxy: 'http:p.example' } }, '`http.proxy` must be false'],
    [{ http: { proxy: 'http://p.example:0' } }, '`http.proxy` must be false'],
    [{ http: { proxy: 'http://p.exa\tmple' } }, '`http.proxy` must be false'],
  ])('%j are a problem, because the address would be another one', (options, expected) => {
    const written = 'url' in options ? options : { ...app, ...options };
    expect(problemsOf(written)).toEqual([expect.stringContaining(expected)]);
  });

  it('does not show a short secret that was written into any other option', () => {
    const names = tableBelow('## All options').map(([name = '']) => name.replaceAll('`', ''));
    const inAnOption = names
      .filter((name) => /^[a-zA-Z.0-9]+$/.test(name))
      .map((name) => {
        const [first = '', ...inside] = name.split('.');
        const value = inside.reduceRight<unknown>((part, key) => ({ [key]: part }), 'hunter2!');
        return { ...app, [first]: value };
      });
    expect(inAnOption.length).toBeGreaterThan(30);
    const problems = inAnOption.flatMap((options) => {
      try {
        resolveOptions(options, {});
        return [];
      } catch (error) {
        return (error as PusherOptionsError).problems;
      }
    });
    expect(problems.length).toBeGreaterThan(25);
    expect(problems.filter((problem) => problem.includes('hunter2'))).toEqual([]);
  });
});

describe('an option that does not exist', () => {
  it.each([
    [{ app_id: '7' }, '`app_id` is not an option; use `appId`.'],
    [{ useTls: true }, '`useTls` is not an option; use `useTLS`.'],
    [{ clutser: 'eu' }, '`clutser` is not an option; use `cluster`.'],
    [{ timeoutms: 5 }, '`timeoutms` is not an option; use `timeoutMs`.'],
    [{ maxAttempts: 5 }, '`maxAttempts` is not an option; use `retry.maxAttempts`.'],
    [{ dedupe: true }, '`dedupe` is not an option; use `webhooks.dedupe`.'],
    [{ retry: { attempts: 5 } }, '`retry.attempts` is not an option; use `retry.maxAttempts`.'],
    [{ retry: { maxAttemps: 5 } }, '`retry.maxAttemps` is not an option; use `retry.maxAttempts`.'],
    [
      { http: { max_connections: 5 } },
      '`http.max_connections` is not an option; use `http.maxConnections`.',
    ],
    [
      { webhooks: { dedupe: { ttl: 5 } } },
      '`webhooks.dedupe.ttl` is not an option; use `webhooks.dedupe.ttlMs`.',
    ],
    [
      { previousCredentials: [{ key: 'k', secret: 's', secrett: 's' }] },
      '`previousCredentials[0].secrett` is not an option; use `previousCredentials[0].secret`.',
    ],
    [{ 'a\nb': 1 }, '`a\\nb` is not an option; check its spelling.'],
    [
      { name: 'eu' },
      '`name` is not an option; pass it to `forRoot` or `forRootAsync` itself, beside `useFactory`.',
    ],
    [
      { is_global: true },
      '`is_global` is not an option; pass it to `forRoot` or `forRootAsync` itself, beside `useFactory`.',
    ],
    [
      { webhooks: { dedupe: { redis: {} } } },
      '`webhooks.dedupe.redis` is not an option; the options are `store` and `ttlMs`.',
    ],
  ])('in %j is a problem that names the right one', (options, expected) => {
    expect(problemsOf({ ...app, ...options })).toEqual([expected]);
  });
});

describe('the environment', () => {
  const env = { PUSHER_APP_ID: '7', PUSHER_APP_KEY: 'k', PUSHER_APP_SECRET: 's' };

  it.each([
    [{ PUSHER_URL: 'http://k:s@h:1/apps/7' }, 'http://h:1'],
    [{ ...env, PUSHER_APP_CLUSTER: 'eu' }, 'https://api-eu.pusher.com'],
    [{ ...env, PUSHER_CLUSTER: 'eu' }, 'https://api-eu.pusher.com'],
    [{ ...env, PUSHER_HOST: 'h', PUSHER_PORT: '6001', PUSHER_SCHEME: 'http' }, 'http://h:6001'],
    [{ ...env, PUSHER_HOST: 'h', PUSHER_SCHEME: 'HTTPS' }, 'https://h'],
    [{ ...env, PUSHER_HOST: '', PUSHER_PORT: '' }, 'https://api.pusherapp.com'],
    [{ PUSHER_APP_ID: '7', PUSHER_KEY: 'k', PUSHER_SECRET: 's' }, 'https://api.pusherapp.com'],
    [{ ...env, PUSHER_URL: 'https://k:s@h/apps/7' }, 'https://h'],
  ])('%j leads to %s', (environment, origin) => {
    const options = resolveOptions({}, environment);
    expect(options.endpoint).toMatchObject({ origin, appPath: '/apps/7' });
    expect([options.credentials.key, options.credentials.secret.reveal()]).toEqual(['k', 's']);
  });

  it.each([
    [
      { ...env, PUSHER_PORT: '99999' },
      'a whole number from 1 to 65535; 99999 was given. It comes from PUSHER_PORT.',
    ],
    [
      { ...env, PUSHER_SCHEME: 'wss' },
      'a string was given. It comes from PUSHER_SCHEME, which must be https or http.',
    ],
    [
      { ...env, PUSHER_APP_KEY: '', PUSHER_KEY: ' k' },
      '`key` has white space around it. Remove it. It comes from PUSHER_KEY.',
    ],
    [{ ...env, PUSHER_APP_SECRET: '' }, '`secret` is missing'],
    [
      { ...env, PUSHER_APP_SECRET: '"s"' },
      '`secret` has quotes around it. Remove them. It comes from PUSHER_APP_SECRET.',
    ],
    [
      { PUSHER_URL: '"https://k:s@h/apps/7"' },
      '`url` has quotes around it. Remove them. It comes from PUSHER_URL.',
    ],
    [{ PUSHER_URL: 'https://h/apps/7' }, 'APP_ID. It comes from PUSHER_URL.'],
    [{ PUSHER_URL: 'https://k:s@h:99999/apps/7' }, '99999 was given. It comes from PUSHER_URL.'],
  ])('%j is a problem that names the variable', (environment, expected) => {
    expect(problemsOf({}, environment)).toEqual([expect.stringContaining(expected)]);
  });

  it('completes options that are empty strings', () => {
    expect(resolveOptions({ url: '', host: '' }, { ...env, PUSHER_HOST: 'h' })).toMatchObject({
      appId: '7',
      endpoint: { origin: 'https://h' },
    });
  });

  it('supplies the app when only other options are written', () => {
    expect(resolveOptions({ timeoutMs: 1 }, env)).toMatchObject({ appId: '7', timeoutMs: 1 });
  });

  it('is ignored when an app is written', () => {
    expect(problemsOf({ appId: '3' }, env)).toHaveLength(2);
  });

  it.each([
    ['https', {}, undefined],
    ['https', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https', { https_proxy: 'http://l:1', HTTPS_PROXY: 'http://u:1' }, 'http://l:1'],
    ['https', { HTTP_PROXY: 'http://p:1' }, undefined],
    ['http', { HTTP_PROXY: 'p:1' }, 'http://p:1'],
    ['https', { ALL_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
    ['https', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'other, api.example.com' }, undefined],
    ['https', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.example.com' }, undefined],
    ['https', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.com' }, undefined],
    ['https', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'ample.com' }, 'http://p:1'],
    ['https', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.example.com:443' }, undefined],
    ['https', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.example.com:80' }, 'http://p:1'],
  ])('makes requests over %s with %j use the proxy %p', (scheme, environment, proxy) => {
    const options = { host: 'api.example.com', useTLS: scheme === 'https' };
    const resolved = resolve(options, environment);
    expect(resolved.http.proxy?.reveal()).toBe(proxy);
  });

  it.each(['localhost', 'app.localhost', '127.0.0.1', '::1', '[::1]'])(
    'sets no proxy for %s, which is this machine',
    (host) => {
      expect(resolve({ host }, { HTTPS_PROXY: 'http://p:1' }).http.proxy).toBeUndefined();
    },
  );

  it.each(['socks5://p:1', 'ftp://p', 'http://', 'http://u:50%@p:1'])(
    'must not set the proxy %p',
    (proxy) => {
      expect(problemsOf(app, { ALL_PROXY: proxy })).toEqual([
        expect.stringContaining('The environment sets a proxy'),
      ]);
      expect(problemsOf({ ...app, http: { proxy: false } }, { ALL_PROXY: proxy })).toEqual([]);
    },
  );

  it('sets no proxy when the option is false', () => {
    const resolved = resolve({ http: { proxy: false } }, { HTTPS_PROXY: 'http://p:1' });
    expect(resolved.http.proxy).toBeUndefined();
  });
});

describe('resolveOptions reports', () => {
  it.each([
    [{}, 'No app is given. Set PUSHER_URL'],
    [{ appId: '3', key: 'k' }, '`secret` is missing'],
    [{ ...app, appId: '' }, '`appId` is missing'],
    [{ ...app, appId: '..' }, '`appId` must be the id of the app'],
    [{ ...app, appId: 1.5 }, '`appId` must be the id of the app'],
    [{ ...app, key: 'a:b' }, '`key` must be the key of the app'],
    [{ ...app, secret: ' secret\n' }, '`secret` has white space around it'],
    [{ ...app, secret: 5 }, '`secret` must be the secret of the app'],
    [{ ...app, cluster: 'eu.pusher.com' }, '`cluster` must be the short name of a cluster'],
    [{ ...app, host: 'https://h' }, '`host` must be a host name'],
    [{ ...app, host: 'user:pass@h' }, '`host` must be a host name'],
    [{ ...app, host: 'h/path' }, '`host` must be a host name'],
    [{ ...app, host: 'h:80' }, '`host` must be a host name'],
    [{ ...app, host: 'a b' }, '`host` must be a host name'],
    [{ ...app, host: 'h\r\nX: y' }, '`host` must be a host name'],
    [{ ...app, port: 0 }, '`port` must be a TCP port, a whole number from 1 to 65535'],
    [{ ...app, port: 65_536 }, '`port` must be a TCP port'],
    [{ ...app, port: '443x' }, '`port` must be a TCP port'],
    [{ ...app, pathPrefix: '/a b' }, '`pathPrefix` must be a plain path'],
    [{ ...app, pathPrefix: '/a/../b' }, '`pathPrefix` must be a plain path'],
    [{ ...app, pathPrefix: '/a?b' }, '`pathPrefix` must be a plain path'],
    [{ ...app, pathPrefix: 5 }, '`pathPrefix` must be a plain path'],
    [{ ...app, pathPrefix: true }, '`pathPrefix` must be a plain path'],
    [{ ...app, useTLS: 'yes' }, '`useTLS` must be true or false'],
    [{ ...app, server: 'centrifugo' }, "`server` must be one of 'pusher', 'soketi'"],
    [
      { ...app, timeoutMs: 0 },
      '`timeoutMs` must be a whole number of milliseconds, from 1 to 3600000',
    ],
    [
      { ...app, limits: { maxDataBytes: -1 } },
      '`limits.maxDataBytes` must be a whole number of bytes',
    ],
    [{ ...app, limits: { maxData: 1 } }, '`limits.maxData` is not an option'],
    [{ ...app, limits: 5 }, '`limits` must be an object with options'],
    [{ ...app, retry: { maxAttempts: 0 } }, '`retry.maxAttempts` must be'],
    [{ ...app, retry: 3 }, '`retry` must be an object with options, true or false'],
    [{ ...app, batching: { whenFull: 'drop' } }, "`batching.whenFull` must be one of 'wait'"],
    [{ ...app, encryptionMasterKeyBase64: 'c2hvcnQ=' }, 'must be 32 bytes in base64'],
    [{ ...app, encryptionMasterKeyBase64: `${'A'.repeat(42)}B=` }, 'must be 32 bytes in base64'],
    [{ ...app, previousCredentials: { key: 'k' } }, '`previousCredentials` must be a list'],
    [
      { ...app, previousCredentials: [{ key: 'k' }] },
      '`previousCredentials[0].secret` must be the secret',
    ],
    [{ ...app, previousCredentials: [5] }, '`previousCredentials'],
    [
      { ...app, webhooks: { toleranceMs: 1000 } },
      '`webhooks.toleranceMs` must be a whole number of',
    ],
    [{ ...app, webhooks: { dedupe: { store: {} } } }, '`webhooks.dedupe.store` must be a store'],
    [{ ...app, webhooks: { dedupe: 'yes' } }, '`webhooks.dedupe` must be an object'],
    [{ ...app, http: { proxy: 'socks5://p' } }, '`http.proxy` must be false, or an address'],
    [{ ...app, http: { headers: { 'X-A': 'a\r\nB: c' } } }, '`http.headers` has a value for "X-A"'],
    [{ ...app, http: { maxConnections: 0 } }, '`http.maxConnections` must be'],
    [{ ...app, serialize: 'json' }, '`serialize` must be a function'],
    [{ ...app, encrypted: true }, '`encrypted` is not an option; use `useTLS`.'],
    [{ ...app, timeout: 5 }, '`timeout` is not an option; use `timeoutMs`.'],
    [{ ...app, colour: 'red' }, '`colour` is not an option; check its spelling.'],
    [{ url: 'nonsense' }, '`url` is not of the form'],
    [{ url: 5 }, '`url` must be a string'],
    [{ url: 'https://k:s@h/apps/3', key: 'k' }, '`key` is also part of `url`'],
    [{ url: 'https://k:s@a b/apps/3' }, '`host` must be a host name'],
    [{ url: 'https://k:s@h:99999/apps/3' }, '`port` must be a TCP port'],
  ])('for %j: %s', (options, expected) => {
    expect(problemsOf(options)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([[undefined], [null], ['https://k:s@h/apps/3']])(
    'the problem with a factory that returns %p',
    (options) => {
      expect(problemsOf(options as unknown as object)).toEqual([
        expect.stringContaining('must return an object with options'),
      ]);
    },
  );

  it('all problems at once', () => {
    expect(problemsOf({ ...app, port: -1, host: '/', timeoutMs: 'x' })).toHaveLength(3);
  });

  it('no value', () => {
    const marked = {
      appId: '3',
      key: 'k marker',
      secret: ' marker',
      host: 'ma rker/marker',
      encryptionMasterKeyBase64: 'marker',
      previousCredentials: [
        {
          key: 5,
          secret: 'marker ',
        },
      ],
      http: {
        proxy: 'marker',
        headers: { a: 'marker\n' },
      },
    };
    expect(problemsOf(marked).join('\n')).not.toContain('marker');
    expect(problemsOf({ url: 'https://k:marker@h' }).join('\n')).not.toContain('marker');
  });
});

describe('resolved options', () => {
  const secrets = {
    secret: 'secret-marker',
    encryptionMasterKeyBase64: Buffer.from('master-key-marker-0123456789abcd').toString('base64'),
    previousCredentials: [{ key: 'old', secret: 'old-marker' }],
    http: {
      proxy: 'http://user:proxy-marker@p:1',
      headers: { 'X-Key': 'header-marker' },
      tls: { passphrase: 'tls-marker' },
      axios: { headers: { a: 'axios-marker' } },
    },
  };

  it('show no secret, however they are printed', () => {
    const options = resolve(secrets);
    const printed = inspect(options, { depth: 9, showHidden: true }) + JSON.stringify(options);
    expect(printed).not.toMatch(/marker/);
    expect(printed).not.toContain(secrets.encryptionMasterKeyBase64);
  });

  it('leave the written options unchanged', () => {
    const written = Object.freeze({
      ...app,
      ...secrets,
      limits: Object.freeze({ maxDataBytes: 5 }),
    });
    const copy = structuredClone(written);
    resolveOptions(written, {});
    expect(written).toEqual(copy);
  });
});

describe('declared events', () => {
  const schema = {
    '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
  };

  it.each<[string, object, string]>([
    [
      'pusher:subscribe',
      {},
      '`events["pusher:subscribe"]` starts with "pusher:", which is reserved',
    ],
    ['pusher-news', {}, 'starts with "pusher", which is reserved'],
    [' news', {}, 'Remove the white space around it'],
    ['', {}, 'must be the name of the event, a non-empty string'],
    ['long-name', { limits: { maxEventNameLength: 5 } }, 'has 9 characters, 5 are allowed'],
  ])('must not be named %j', (name, options, message) => {
    expect(() => resolve({ ...options, events: { [name]: schema } })).toThrow(PusherOptionsError);
    expect(() => resolve({ ...options, events: { [name]: schema } })).toThrow(message);
  });

  it('may have names that the server accepts', () => {
    const events = { 'pusher-news': schema, 'client-typing': schema };
    expect(resolve({ server: 'soketi', events }).events).toEqual(events);
  });

  it.each([[[]], ['a'], [{ a: 'string' }]])('must not be %j', (events) => {
    expect(() => resolve({ events })).toThrow('`events` must map event names to schemas');
  });
});
