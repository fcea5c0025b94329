import { EventEmitter, once } from 'node:events';
import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PusherModuleOptions, PusherService } from '../../../lib/index.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import type { FaultName } from '../../support/faults/plays.js';
import { FaultServer } from '../../support/faults/server.js';
import { HeldTimeouts } from '../../support/runtime/held-timeouts.js';
import { RawServer } from '../../support/raw/server.js';

const TIMEOUT_MS = 150;
/**
 * For servers that do respond: nobody waits for it, and garbage collection while a response is on its
 * way does not make a timeout of it.
 */
const LONG_TIMEOUT_MS = 30_000;
/** What a busy machine may take on top; without a time limit nothing would end the request. */
const SLACK_MS = 15_000;

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

function service(
  port: number,
  options: PusherModuleOptions = {},
  clock?: Clock,
): Promise<PusherService> {
  const all = {
    appId: '3',
    key: 'key',
    secret: 'secret',
    host: '127.0.0.1',
    port,
    useTLS: false,
    timeoutMs: LONG_TIMEOUT_MS,
    retry: false,
    ...options,
  } as const;
  return startPusher(all, clock);
}

async function serving(respond: RequestListener, options?: PusherModuleOptions, clock?: Clock) {
  const server = await RawServer.start(respond);
  endings.push(() => server.stop());
  return { server, pusher: await service(server.port, options, clock) };
}

async function faulty(fault: FaultName, options?: PusherModuleOptions) {
  const upstream = await RawServer.start();
  const faults = await FaultServer.start(upstream.port, () => fault);
  endings.push(
    () => faults.stop(),
    () => upstream.stop(),
  );
  return service(faults.port, options);
}

/** Both kinds of request fail alike, in time. */
async function failures(pusher: PusherService): Promise<unknown[]> {
  const begun = performance.now();
  const results = await Promise.allSettled([pusher.trigger('news', 'e', 1), pusher.channels()]);
  expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + SLACK_MS);
  return results.map((result) => (result.status === 'rejected' ? result.reason : 'fulfilled'));
}

const twice = <T>(expected: T): [T, T] => [expected, expected];

describe('a server that', () => {
  it('is not there', async () => {
    const { server, pusher } = await serving(() => undefined);
    await server.stop();
    expect(await failures(pusher)).toMatchObject(
      twice({ code: 'PUSHER_CONNECTION_FAILED', maybeAccepted: false }),
    );
  });

  it.each<FaultName>(['black-hole', 'endless-body'])('plays %s', async (fault) => {
    const pusher = await faulty(fault, { timeoutMs: TIMEOUT_MS });
    expect(await failures(pusher)).toMatchObject(twice({ code: 'PUSHER_TIMEOUT' }));
  });

  it.each<[FaultName, object]>([
    ['reset-before', { code: 'PUSHER_CONNECTION_FAILED' }],
    ['close-after', { code: 'PUSHER_CONNECTION_FAILED' }],
    ['half-a-response', { code: 'PUSHER_CONNECTION_FAILED' }],
    ['length-too-long', { code: 'PUSHER_CONNECTION_FAILED' }],
    ['length-too-short', { code: 'PUSHER_BAD_RESPONSE' }],
    ['garbage', { code: 'PUSHER_CONNECTION_FAILED' }],
    ['interim-flood', { code: 'PUSHER_CONNECTION_FAILED' }],
    ['redirect', { code: 'PUSHER_BAD_RESPONSE', status: 301 }],
    ['html', { code: 'PUSHER_BAD_RESPONSE', status: 200 }],
  ])('plays %s', async (fault, expected) => {
    expect(await failures(await faulty(fault))).toMatchObject(twice(expected));
  });

  it('responds with 502 in HTML', async () => {
    const { pusher } = await serving((_request, response) =>
      response.writeHead(502).end('<h1>Bad Gateway</h1>'),
    );
    expect(await failures(pusher)).toMatchObject(
      twice({
        code: 'PUSHER_REQUEST_REJECTED',
        status: 502,
        retryable: true,
        body: '<h1>Bad Gateway</h1>',
        message: expect.stringContaining('<h1>Bad Gateway</h1>'),
      }),
    );
  });

  it('responds with 500 and a megabyte', async () => {
    const { pusher } = await serving((_request, response) =>
      response.writeHead(500).end('x'.repeat(1024 * 1024)),
    );
    for (const error of await failures(pusher)) {
      expect(error).toMatchObject({ code: 'PUSHER_REQUEST_REJECTED', status: 500 });
      expect(JSON.stringify(error).length).toBeLessThan(10_000);
      expect((error as Error).message.length).toBeLessThan(1000);
    }
  });

  it('responds with more than is read', async () => {
    const { pusher } = await serving(
      (_request, response) => response.end(`{"a":"${'x'.repeat(200_000)}"}`),
      { http: { maxResponseBytes: 100_000 } },
    );
    expect(await failures(pusher)).toMatchObject(
      twice({ code: 'PUSHER_BAD_RESPONSE', message: expect.stringContaining('maxResponseBytes') }),
    );
  });

  it('responds with a compression bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, '{'));
    const { pusher } = await serving((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(await failures(pusher)).toMatchObject(
      twice({ code: 'PUSHER_BAD_RESPONSE', message: expect.stringContaining('compressed') }),
    );
  });

  it('does not respond keeps no caller longer than the deadline, and no more sockets than allowed', async () => {
    const arrivals = new EventEmitter();
    let most = 0;
    const look = (): void => void (most = Math.max(most, server.openSockets));
    arrivals.on('request', look);
    const clock = new HeldTimeouts();
    const retry = { maxAttempts: 1, deadlineMs: 2 * TIMEOUT_MS };
    const options = { timeoutMs: TIMEOUT_MS, retry, http: { maxConnections: 8 } };
    const respond = () => arrivals.emit('request');
    const { server, pusher } = await serving(respond, options, clock);
    const calls = Array.from({ length: 400 }, async (_, at) => {
      const call = at % 2 ? pusher.trigger('news', 'e', at) : pusher.channels();
      return call.then(
        () => 'accepted',
        ({ code }: { code: string }) => code,
      );
    });
    for (const sent of [8, 16]) {
      while (server.seen.length < sent) await once(arrivals, 'request');
      clock.pass(TIMEOUT_MS);
    }
    const codes = await Promise.all(calls);
    expect(codes.filter((code) => code === 'PUSHER_TIMEOUT')).toHaveLength(16);
    expect(codes.filter((code) => code === 'PUSHER_NOT_SENT')).toHaveLength(384);
    expect(most).toBeLessThanOrEqual(8);
    expect(server.seen).toHaveLength(16);
  });
});

describe('an error after which a trigger may have been accepted says so:', () => {
  it.each([
    [500, true],
    [502, true],
    [504, true],
    [503, false],
    [429, false],
    [413, false],
    [400, false],
  ])('status %i: %j', async (status, maybeAccepted) => {
    const { server, pusher } = await serving((_request, response) =>
      response.writeHead(status).end('No'),
    );
    await expect(pusher.trigger('news', 'e', 1)).rejects.toMatchObject({ status, maybeAccepted });
    expect(server.seen).toHaveLength(1);
  });

  it('a response that no Channels server sends', async () => {
    const { pusher } = await serving((_request, response) => response.end('<html></html>'));
    await expect(pusher.trigger('news', 'e', 1)).rejects.toMatchObject({
      code: 'PUSHER_BAD_RESPONSE',
      maybeAccepted: true,
    });
  });

  it('an error after an earlier attempt that may have been accepted', async () => {
    const statuses = [500, 400];
    const { server, pusher } = await serving(
      (_request, response) => response.writeHead(statuses.shift() ?? 200).end('No'),
      { retry: { retryUnanswered: true } },
    );
    await expect(pusher.trigger('news', 'e', 1)).rejects.toMatchObject({
      status: 400,
      maybeAccepted: true,
    });
    expect(server.seen).toHaveLength(2);
  });
});

describe('a peculiarity of a real server is tolerated:', () => {
  it.each<[string, string, number]>([
    ['wrong signature', '{"error":"The secret authentication failed","code":401}', 401],
    ['unknown app', '{"error":"The app does not exist.","code":404}', 404],
    ['too large', '{"error":"The event data should be less than 100 KB.","code":413}', 413],
    ['a rate limit', '{"error":"Too many requests.","code":429}', 429],
  ])('a 200 that means an error: %s', async (_what, body, status) => {
    const { pusher } = await serving((_request, response) => response.end(body));
    expect(await failures(pusher)).toMatchObject(
      twice({
        code: 'PUSHER_REQUEST_REJECTED',
        status,
        message: expect.stringContaining((JSON.parse(body) as { error: string }).error),
      }),
    );
  });

  it.each<[string, RequestListener]>([
    ['soketi’s success', (_request, response) => response.end('{"ok":true}')],
    ['an empty body', (_request, response) => response.end()],
    ['204', (_request, response) => response.writeHead(204).end()],
    ['202', (_request, response) => response.writeHead(202).end('202 ACCEPTED\n')],
    [
      'no type and no length',
      (request) => request.socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}'),
    ],
    [
      'a strange type',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{}'),
    ],
    [
      'a fractional Retry-After on a success',
      (_request, response) => response.writeHead(200, { 'retry-after': '0.97' }).end('{}'),
    ],
    ['JSON with white space around it', (_request, response) => response.end(' {}\r\n')],
  ])('%s', async (_what, respond) => {
    const { pusher } = await serving(respond);
    expect(await pusher.trigger('news', 'e', 1)).toBeDefined();
    expect(await pusher.channels()).toEqual({});
  });

  it('bodies have a length, names in paths are not encoded, an empty POST is {}', async () => {
    const { server, pusher } = await serving((_request, response) => response.end('{}'));
    await pusher.trigger('news', 'e', 'ü'.repeat(5000));
    await pusher.channel('a-b_c=@,.;d');
    await pusher.terminateUserConnections('user-1');
    const [trigger, channel, terminate] = server.seen;
    expect(Number(trigger?.headers['content-length'])).toBeGreaterThan(10_000);
    expect(trigger?.headers).not.toHaveProperty('transfer-encoding');
    expect(channel?.url).toMatch(/^\/apps\/3\/channels\/a-b_c=@,\.;d\?/);
    expect(terminate).toMatchObject({ body: '{}', headers: { 'content-length': '2' } });
  });
});
