import { describe, expect, it } from '@jest/globals';
import type { Cluster, Redis } from 'ioredis';
import type { createClient, createClientPool, createCluster } from 'redis';
import { type RedisClient, RedisWebhookStore } from '../../../lib/redis/index.js';

/** A client that records what it is called with, and returns what a test decides. */
class RecordingClient {
  readonly calls: unknown[][] = [];
  replies: unknown = null;

  readonly get = (...args: unknown[]) => this.#record('get', args);
  readonly set = (...args: unknown[]) => this.#record('set', args);
  readonly del = (...args: unknown[]) => this.#record('del', args);

  multi(): object {
    const transaction = {
      set: (...args: unknown[]) => (this.calls.push(['multi set', ...args]), transaction),
      get: (...args: unknown[]) => (this.calls.push(['multi get', ...args]), transaction),
      exec: () => Promise.resolve(this.replies),
    };
    return transaction;
  }

  #record(command: string, args: unknown[]): Promise<unknown> {
    this.calls.push([command, ...args]);
    return Promise.resolve(this.replies);
  }
}

class RecordingIoRedis extends RecordingClient {
  pipeline(): void {}
}

describe('RedisWebhookStore', () => {
  it('calls a client of the package redis with its arguments', async () => {
    const client = new RecordingClient();
    const store = new RedisWebhookStore(client, { prefix: 'p:' });
    await store.set('a', 'done', 5000);
    await store.set('a', 7);
    await store.delete('a');
    client.replies = [null, 'other'];
    expect(await store.setIfAbsent('a', 'me', 5000)).toBe('other');
    expect(client.calls).toEqual([
      ['set', 'p:a', 'done', { PX: 5000 }],
      ['set', 'p:a', '7'],
      ['del', 'p:a'],
      ['multi set', 'p:a', 'me', { PX: 5000, NX: true }],
      ['multi get', 'p:a'],
    ]);
  });

  it('calls a client of the package ioredis with its arguments', async () => {
    const client = new RecordingIoRedis();
    const store = new RedisWebhookStore(client);
    await store.set('a', 'done', 5000);
    client.replies = [
      [null, 'OK'],
      [null, 'me'],
    ];
    expect(await store.setIfAbsent('a', 'me', 5000)).toBe('me');
    expect(client.calls).toEqual([
      ['set', 'a', 'done', 'PX', 5000],
      ['multi set', 'a', 'me', 'PX', 5000, 'NX'],
      ['multi get', 'a'],
    ]);
  });

  it('rejects with the error of a command in a transaction', async () => {
    const client = new RecordingIoRedis();
    client.replies = [
      [null, 'OK'],
      [new Error('WRONGTYPE'), null],
    ];
    const store = new RedisWebhookStore(client);
    await expect(store.setIfAbsent('a', 'me', 1)).rejects.toThrow('WRONGTYPE');
  });

  it.each([
    null,
    undefined,
    [],
    [null, null],
    [
      [null, null],
      [null, null],
    ],
  ])('returns undefined for a transaction without a value: %j', async (replies) => {
    const client = new RecordingClient();
    client.replies = replies;
    expect(await new RedisWebhookStore(client).setIfAbsent('a', 'me', 1)).toBeUndefined();
  });

  it.each([
    ['done', 'done'],
    [Buffer.from('done'), 'done'],
    [null, undefined],
    [7, undefined],
  ])('reads %p as %p', async (reply, value) => {
    const client = new RecordingClient();
    client.replies = reply;
    expect(await new RedisWebhookStore(client).get('a')).toBe(value);
  });

  it.each([undefined, null, 'redis://localhost', {}, { get() {}, set() {} }])(
    'does not accept %p as a client',
    (client) => {
      expect(() => new RedisWebhookStore(client as never)).toThrow(
        /Invalid options for RedisWebhookStore:[^]*must be a client of the package `ioredis` or `redis`/,
      );
    },
  );

  it('accepts every client of both packages by its type', () => {
    const accepts = (_client: RedisClient): boolean => true;
    const checked = (
      ioredis: Redis,
      cluster: Cluster,
      client: ReturnType<typeof createClient>,
      nodeCluster: ReturnType<typeof createCluster>,
      pool: ReturnType<typeof createClientPool>,
    ): boolean[] => [ioredis, cluster, client, nodeCluster, pool].map(accepts);
    expect(checked).toBeDefined();
  });
});
