import { isNativeError } from 'node:util/types';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock, PusherTestServer } from '../../../../../lib/testing/index.js';
import { sendSigned } from '../../../../support/testing/signed-request.js';

const event = { name: 'e', data: 'd', channels: ['a'] };

describe('a request that a fault hits', () => {
  let server: PusherTestServer;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    server = await PusherTestServer.start({ clock });
  });
  afterEach(() => server.stop());

  const trigger = () => sendSigned(server, { path: '/events', body: event });
  const failed = async () => {
    const error: unknown = await trigger().catch((caught: unknown) => caught);
    return isNativeError(error) ? error.message : 'no error';
  };

  it('gets the response of the fault, once', async () => {
    server.failNext({ status: 503, body: 'busy', headers: { 'retry-after': '2' } });
    expect(await trigger()).toEqual({ status: 503, text: 'busy', type: 'text/plain' });
    expect(server.published()).toEqual([]);
    expect(await trigger()).toMatchObject({ status: 200 });
  });

  it.each([
    [{ status: 500 }, 500, 'Failed on purpose\n', 'text/plain'],
    [
      { body: { error: 'no', code: 401 }, status: 200 },
      200,
      '{"error":"no","code":401}',
      'application/json',
    ],
    [{ body: '<html>', headers: { 'content-type': 'text/html' } }, 500, '<html>', 'text/html'],
    [{ status: 204 }, 204, '', 'text/plain'],
  ])('gets the response of %j', async (fault, status, text, type) => {
    server.failNext(fault);
    expect(await trigger()).toEqual({ status, text, type });
    expect(server.requests()).toMatchObject([{ status }]);
  });

  it('is one of as many as the fault says, one fault after another', async () => {
    server.failNext({ status: 500, times: 2 });
    server.failNext({ status: 429 });
    const statuses = [];
    for (let round = 0; round < 4; round += 1) statuses.push((await trigger()).status);
    expect(statuses).toEqual([500, 500, 429, 200]);
  });

  it('is one that the fault matches', async () => {
    server.failNext({ status: 500, match: ({ path }) => path.endsWith('/channels') });
    expect(await trigger()).toMatchObject({ status: 200 });
    expect(await sendSigned(server, { path: '/channels' })).toMatchObject({ status: 500 });
  });

  it.each([
    ['before-read', 0, ''],
    ['after-read', 0, JSON.stringify(event)],
    ['before-response', 1, JSON.stringify(event)],
  ] as const)('loses its connection %s', async (drop, published, body) => {
    server.failNext({ drop });
    expect(await failed()).toContain('fetch failed');
    expect(server.published()).toHaveLength(published);
    expect(server.requests()).toMatchObject([{ method: 'POST', body }]);
    expect(server.requests()[0]).not.toHaveProperty('status');
    expect(await trigger()).toMatchObject({ status: 200 });
  });

  it('gets a part of the response, then a closed connection', async () => {
    server.failNext({ status: 200, body: 'x'.repeat(100), cutAfterBytes: 10 });
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    expect(response.headers.get('content-length')).toBe('100');
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('gets a part of the response, then nothing more', async () => {
    server.failNext({ status: 200, body: 'x'.repeat(100), stallAfterBytes: 10 });
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    const reader = response.body?.getReader();
    const part = await reader?.read();
    expect(part?.value).toHaveLength(10);
    await reader?.cancel();
  });

  it('waits as long as the clock says', async () => {
    server.failNext({ delayMs: 5000 });
    const reply = trigger();
    await server.until(() => server.requests()[0]?.body !== '' && server.requests().length > 0);
    await clock.advance(4999);
    expect(server.published()).toEqual([]);
    await clock.advance(1);
    expect(await reply).toMatchObject({ status: 200 });
  });

  it('may get no response at all, which does not keep the server from stopping', async () => {
    server.failNext({ delayMs: Infinity });
    const reply = failed();
    await server.until(() => server.requests().length > 0);
    await server.stop();
    expect(await reply).toContain('fetch failed');
  });
});
