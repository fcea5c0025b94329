import { afterEach, describe, expect, it } from '@jest/globals';
import type { ApiRequest } from '../../../lib/http/api.js';
import { rawClient, type RawClient } from '../../support/raw/client.js';
import { rawOptions } from '../../support/raw/options.js';
import { RawServer } from '../../support/raw/server.js';

const TRIGGER: ApiRequest = { method: 'POST', path: '/events', body: '{}', idempotent: false };

describe('a server that limits the rate', () => {
  let server: RawServer;
  let client: RawClient;

  afterEach(async () => {
    await client.api.close(0);
    await server.stop();
  });

  /** Rejects requests beyond the limit in each window of so many milliseconds. */
  async function limited(perWindow: number, windowMs: number, header: boolean): Promise<void> {
    let begun = 0;
    let count = 0;
    server = await RawServer.start((_request, response) => {
      if (performance.now() - begun > windowMs) [begun, count] = [performance.now(), 0];
      count += 1;
      const left = (begun + windowMs - performance.now()) / 1000;
      const reject = count > perWindow;
      if (reject && header) response.setHeader('retry-after', left.toFixed(3));
      response.writeHead(reject ? 429 : 200).end(reject ? 'Slow down\n' : '{}');
    });
    client = await rawClient(
      rawOptions({
        endpoint: { origin: server.origin },
        // Not what is tested here: a busy machine may take seconds for a response.
        timeoutMs: 60_000,
        retry: { maxAttempts: 10, baseDelayMs: 20, maxDelayMs: 500, deadlineMs: 20_000 },
      }),
    );
  }

  it.each([
    ['with Retry-After', true],
    ['without Retry-After', false],
  ])(
    'gets fewer requests instead of more, %s, and in the end all of them',
    async (_what, header) => {
      await limited(20, 100, header);
      const calls = Array.from({ length: 200 }, () => client.api.request(TRIGGER));
      expect(await Promise.all(calls)).toHaveLength(200);
      // Without the limiter: ten windows, with two hundred callers in each.
      expect(server.seen.length).toBeLessThan(600);
    },
    30_000,
  );
});
