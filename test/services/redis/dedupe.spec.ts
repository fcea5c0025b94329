import { Injectable } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisWebhookStore } from '../../../lib/redis/index.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import type { ChannelOccupiedEvent } from '../../../lib/webhooks/webhook-event.js';
import { ADAPTERS } from '../../support/nest/adapters.js';
import { ObservedClock } from '../../support/runtime/observed-clock.js';
import { RedisServer } from '../../support/services/redis-server.js';
import { registered, WebhookServer } from '../../support/webhooks/server.js';
import { webhookBody } from '../../support/webhooks/signing.js';

const PATH = '/pusher/webhooks';
const [[, adapter]] = ADAPTERS;

@Injectable()
class Handlers {
  readonly calls: string[] = [];

  @OnPusherWebhook('channel_occupied')
  one({ channel }: ChannelOccupiedEvent): void {
    this.calls.push(channel);
  }

  @OnPusherWebhook('*')
  async two(): Promise<void> {
    await Promise.resolve();
  }
}

describe('dedupe with Redis', () => {
  let redis: RedisServer;
  let own: Redis;
  const clients: Redis[] = [];
  beforeEach(async () => {
    redis = await RedisServer.start();
    own = await redis.client();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    own.disconnect();
    await redis[Symbol.asyncDispose]();
  });

  const start = (clock?: ManualClock): Promise<WebhookServer> => {
    const client = new Redis(redis.socketPath);
    clients.push(client);
    return WebhookServer.start({
      adapter,
      ...(clock && { clock }),
      apps: [registered({ webhooks: { dedupe: { store: new RedisWebhookStore(client) } } })],
      controllers: [PusherWebhookController()],
      providers: [Handlers],
    });
  };

  /** How many commands the server has executed so far. */
  const commands = async (): Promise<number> => {
    const [, count] = /total_commands_processed:(\d+)/.exec(await own.info('stats')) ?? [];
    return Number(count);
  };

  it('needs few commands for a webhook of a thousand events', async () => {
    await using server = await start();
    const events = Array.from({ length: 1000 }, (_, at) => ({
      name: 'channel_occupied',
      channel: `c${at}`,
    }));
    const before = await commands();
    expect((await server.post(PATH, webhookBody(...events))).status).toBe(200);
    const used = (await commands()) - before;
    expect(server.app.get(Handlers).calls).toHaveLength(1000);
    // Two handlers: each claims (4), reads its progress (1), saves it (2 or 3) and is done (1).
    expect(used).toBeLessThan(30);
    expect((await server.post(PATH, webhookBody(...events))).status).toBe(200);
    expect(server.app.get(Handlers).calls).toHaveLength(1000);
  });

  it('does not lose and does not repeat anything while Redis does not respond', async () => {
    const clock = new ObservedClock(1000);
    await using server = await start(clock);
    const { calls } = server.app.get(Handlers);
    const body = webhookBody({ name: 'channel_occupied', channel: 'a' });
    redis.freeze();
    const first = server.post(PATH, body);
    await clock.waiting;
    await clock.advance(1000);
    expect((await first).status).toBe(200);
    expect((await server.post(PATH, body)).status).toBe(200);
    expect(calls).toEqual(['a']);
    redis.thaw();
    await clock.advance(10_000);
    expect((await server.post(PATH, body)).status).toBe(200);
    const other = webhookBody({ name: 'channel_occupied', channel: 'b' });
    expect((await server.post(PATH, other)).status).toBe(200);
    expect(calls).toEqual(['a', 'b']);
    // Another instance knows by now what was finished meanwhile.
    await using second = await start();
    expect((await second.post(PATH, body)).status).toBe(200);
    expect(second.app.get(Handlers).calls).toEqual([]);
    expect(server.log).toEqual([
      expect.stringMatching(/^warn: The store of finished webhook events failed \(no response wit/),
    ]);
  });
});
