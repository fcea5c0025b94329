import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient, createClientPool } from 'redis';
import { type RedisClient, RedisWebhookStore } from '../../../lib/redis/index.js';
import { RedisServer } from '../../support/services/redis-server.js';

interface Connection {
  client: RedisClient;
  close: () => void;
}

const CLIENTS: readonly (readonly [string, (path: string) => Promise<Connection>])[] = [
  [
    'ioredis',
    (path) => {
      const client = new Redis(path);
      return Promise.resolve({ client, close: () => client.disconnect() });
    },
  ],
  [
    'ioredis with automatic pipelines',
    (path) => {
      const client = new Redis(path, { enableAutoPipelining: true });
      return Promise.resolve({ client, close: () => client.disconnect() });
    },
  ],
  [
    'redis',
    async (path) => {
      const client = await createClient({ socket: { path, tls: false } }).connect();
      return { client, close: () => client.destroy() };
    },
  ],
  [
    'a pool of redis',
    async (path) => {
      const client = createClientPool({ socket: { path, tls: false } });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  ],
];

let redis: RedisServer;
beforeAll(async () => {
  redis = await RedisServer.start();
});
afterAll(() => redis[Symbol.asyncDispose]());

describe.each(CLIENTS)('a RedisWebhookStore over %s', (name, connect) => {
  let connection: Connection;
  let store: RedisWebhookStore;
  let own: Redis;
  beforeAll(async () => {
    own = await redis.client();
    connection = await connect(redis.socketPath);
    store = new RedisWebhookStore(connection.client, { prefix: `${name}:` });
  });
  afterAll(() => {
    connection.close();
    own.disconnect();
  });

  it('returns what was set, until it is deleted', async () => {
    expect(await store.get('a')).toBeUndefined();
    for (const value of ['done', '', 'ä\u0000\n"', 'a'.repeat(100_000)]) {
      await store.set('a', value, 5000);
      expect(await store.get('a')).toBe(value);
    }
    await store.delete('a');
    expect(await store.get('a')).toBeUndefined();
  });

  it('keeps a value for its time to live', async () => {
    await store.set('a', 'x', 5000);
    const ttl = await own.pttl(`${name}:a`);
    expect(ttl).toBeGreaterThan(4000);
    expect(ttl).toBeLessThanOrEqual(5000);
    await store.set('a', 'x');
    expect(await own.pttl(`${name}:a`)).toBe(-1);
  });

  it('sets a value only where there is none, and leaves the time to live of another', async () => {
    expect(await store.setIfAbsent('b', 'one', 5000)).toBe('one');
    expect(await store.setIfAbsent('b', 'two', 500_000)).toBe('one');
    expect(await own.pttl(`${name}:b`)).toBeLessThanOrEqual(5000);
    await store.delete('b');
    expect(await store.setIfAbsent('b', 'two', 5000)).toBe('two');
  });

  it('lets one of many win who set a value at the same moment', async () => {
    const others = await Promise.all(
      Array.from({ length: 10 }, async () => await connect(redis.socketPath)),
    );
    for (let round = 0; round < 50; round += 1) {
      const values = await Promise.all(
        others.map(({ client }, at) =>
          new RedisWebhookStore(client, { prefix: `${name}:` }).setIfAbsent(
            `c${round}`,
            String(at),
            5000,
          ),
        ),
      );
      expect(new Set(values).size).toBe(1);
    }
    for (const { close } of others) close();
  });
});
