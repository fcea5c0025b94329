import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { PusherModule } from '../../../lib/pusher.module.js';
import { RedisWebhookStore } from '../../../lib/redis/index.js';
import { OnPusherWebhook } from '../../../lib/webhooks/handlers/on-pusher-webhook.decorator.js';
import { PusherWebhookController } from '../../../lib/webhooks/endpoint/pusher-webhook.controller.js';
import type { ChannelOccupiedEvent } from '../../../lib/webhooks/webhook-event.js';
import { CREDENTIALS } from '../../support/webhooks/apps.js';

// An instance of an application, in a process of its own. It counts in Redis how often it has handled
// each channel, and writes its address.

const [, , socketPath = '', clientPackage] = process.argv;
const counts = new Redis(socketPath);

@Injectable()
class Handlers {
  @OnPusherWebhook('channel_occupied')
  async occupied({ channel }: ChannelOccupiedEvent): Promise<void> {
    await counts.incr(`handled:${channel}`);
    if (channel.startsWith('slow')) await wait(20);
  }
}

const client =
  clientPackage === 'redis'
    ? await createClient({ socket: { path: socketPath, tls: false } }).connect()
    : new Redis(socketPath);

@Module({
  imports: [
    PusherModule.forRoot({
      appId: '1',
      ...CREDENTIALS,
      webhooks: { dedupe: { store: new RedisWebhookStore(client) } },
    }),
  ],
  controllers: [PusherWebhookController()],
  providers: [Handlers],
})
class InstanceModule {}

const app = await NestFactory.create(InstanceModule, { rawBody: true, logger: ['warn', 'error'] });
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
