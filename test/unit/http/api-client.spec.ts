import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../../../lib/http/api-client.js';
import { ConnectionPool } from '../../../lib/http/connection-pool.js';
import { UndiciTransport } from '../../../lib/http/undici-transport.js';
import { SystemChance } from '../../../lib/runtime/chance.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { rawOptions } from '../../support/raw-options.js';

let server: Server | undefined;

afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

describe('ApiClient', () => {
  it('sends a signed request and gives the JSON of the answer', async () => {
    const seen: string[] = [];
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      request.resume().on('end', () => response.end('{"channels":{}}'));
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const options = rawOptions({ endpoint: { origin: `http://127.0.0.1:${port}` } });
    const api = new ApiClient({
      options,
      transport: new UndiciTransport(new ConnectionPool(options), options.http),
      clock: new SystemClock(),
      chance: new SystemChance(),
      logger: { debug: () => undefined, warn: () => undefined },
    });
    const answer = await api.request({
      method: 'POST',
      path: '/events',
      body: '{}',
      repeatable: false,
    });
    expect(answer).toEqual({ channels: {} });
    expect(seen[0]).toMatch(/^POST \/apps\/3\/events\?auth_key=raw-key&auth_timestamp=\d+&/);
    expect(await api.close(100)).toBe(0);
  });
});
