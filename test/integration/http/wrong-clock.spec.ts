import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiRequest } from '../../../lib/http/api.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { Secret } from '../../../lib/runtime/secret.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { type RawClient, rawClient } from '../../support/raw/client.js';
import { rawOptions } from '../../support/raw/options.js';

const HOUR = 3_600_000;
const TRIGGER: ApiRequest = {
  method: 'POST',
  path: '/events',
  body: '{"name":"e","channels":["c"],"data":"d"}',
  idempotent: false,
};

/** A clock that is set wrong. */
class WrongClock extends SystemClock {
  constructor(private readonly byMs: number) {
    super();
  }

  override now(): number {
    return super.now() + this.byMs;
  }
}

describe('a machine whose clock is wrong', () => {
  let server: PusherTestServer;
  const clients: RawClient[] = [];

  beforeEach(async () => {
    server = await PusherTestServer.start();
  });

  afterEach(async () => {
    for (const { api } of clients.splice(0)) await api.close(0);
    await server.stop();
  });

  async function client(byMs: number): Promise<RawClient> {
    const { appId, key, secret, port } = server.options;
    const options = rawOptions({
      credentials: { key, secret: new Secret(secret) },
      endpoint: { origin: `http://127.0.0.1:${port}`, appPath: `/apps/${appId}` },
    });
    const made = await rawClient(options, new WrongClock(byMs));
    clients.push(made);
    return made;
  }

  it.each([
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
    ['in another time zone', 13 * HOUR],
  ])('%s works, at the price of one rejection', async (_what, byMs) => {
    const { api, log } = await client(byMs);
    for (let round = 0; round < 3; round += 1) expect(await api.request(TRIGGER)).toEqual({});
    expect(server.requests().map(({ status }) => status)).toEqual([401, 200, 200, 200]);
    expect(server.published()).toHaveLength(3);
    expect(Math.abs(api.clockOffsetMs + byMs)).toBeLessThan(2000);
    expect(log.warn).toEqual([
      expect.stringMatching(/\d+ s (?:ahead of|behind) the Channels server/),
    ]);
  });

  it('warns once when many requests are rejected together', async () => {
    const { api, log } = await client(HOUR);
    await Promise.all(Array.from({ length: 50 }, () => api.request(TRIGGER)));
    expect(server.published()).toHaveLength(50);
    expect(log.warn).toHaveLength(1);
  });

  it('a week ahead does not work, and the error says why', async () => {
    const { api } = await client(7 * 24 * HOUR);
    await expect(api.request(TRIGGER)).rejects.toMatchObject({
      status: 401,
      attempts: 1,
      message: expect.stringMatching(/Timestamp expired: .*Set the clock/),
    });
    expect(api.clockOffsetMs).toBe(0);
  });
});
