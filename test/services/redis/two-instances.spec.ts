import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '../../support/services/redis-server.js';
import { signedHeaders, webhookBody } from '../../support/webhooks/signing.js';

const [WEBHOOKS, AT_ONCE] = [500, 10];

class Instance {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(socketPath: string, clientPackage: string): Promise<Instance> {
    const child = spawn(
      process.execPath,
      [
        `--import=${import.meta.dirname}/../../support/processes/run-typescript.mjs`,
        `${import.meta.dirname}/instance.ts`,
        socketPath,
        clientPackage,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    return new Instance(child, url);
  }

  async post(body: string): Promise<number> {
    const headers = signedHeaders(body);
    const response = await fetch(`${this.url}/pusher/webhooks`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

describe.each(['ioredis', 'redis'])('two processes with a Redis store over %s', (clientPackage) => {
  let redis: RedisServer;
  let instances: Instance[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
    instances = await Promise.all(
      [1, 2].map(() => Instance.start(redis.socketPath, clientPackage)),
    );
  });
  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.end()));
    await redis[Symbol.asyncDispose]();
  });

  it.each(['quick', 'slow'])(
    `handle each of ${WEBHOOKS} webhooks once that both receive at the same moment, with a %s handler`,
    async (kind) => {
      const channels = Array.from({ length: WEBHOOKS }, (_, at) => `${kind}-${at}`);
      const statuses = new Set<number>();
      const unaccepted: number[] = [];
      const deliver = async (channel: string): Promise<void> => {
        const body = webhookBody({ name: 'channel_occupied', channel });
        const both = await Promise.all(instances.map((instance) => instance.post(body)));
        for (const status of both) statuses.add(status);
        // What was not accepted comes again, as from Pusher, and is not handled again.
        const again = instances.filter((_, at) => both[at] !== 200);
        const repeated = await Promise.all(again.map((instance) => instance.post(body)));
        unaccepted.push(...repeated.filter((status) => status !== 200));
      };
      for (let at = 0; at < WEBHOOKS; at += AT_ONCE)
        await Promise.all(channels.slice(at, at + AT_ONCE).map(deliver));
      expect(unaccepted).toEqual([]);
      expect([...statuses].filter((status) => status !== 200 && status !== 500)).toEqual([]);
      const client = await redis.client();
      const handled = await client.mget(channels.map((channel) => `handled:${channel}`));
      client.disconnect();
      expect(channels.filter((_, at) => handled[at] !== '1')).toEqual([]);
    },
  );
});
