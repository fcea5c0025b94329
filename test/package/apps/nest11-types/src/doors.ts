import { Module } from '@nestjs/common';
import type { PusherModuleOptions } from 'nestjs-pusher-channels';
import {
  AuthorizeChannel,
  InjectPusherHttp,
  PusherModule,
  PusherService,
} from 'nestjs-pusher-channels';
import { defineEvents, typedChannel } from 'nestjs-pusher-channels/client';
import type { RedisClient } from 'nestjs-pusher-channels/redis';
import { RedisWebhookStore } from 'nestjs-pusher-channels/redis';
import type { ServerActivity } from 'nestjs-pusher-channels/testing';
import { FakePusherService, PusherTestServer } from 'nestjs-pusher-channels/testing';

interface ChatEvents {
  'message.created': { id: string };
}

export const options: PusherModuleOptions = {
  url: 'x',
  timeoutMs: 1000,
  http: { maxConnections: 4 },
};

@Module({ imports: [PusherModule.forRoot(options)] })
export class AppModule {}

export class Rooms {
  constructor(
    readonly pusher: PusherService<ChatEvents>,
    @InjectPusherHttp() readonly http: unknown,
  ) {}

  @AuthorizeChannel('private-rooms.{roomId}')
  canSee(_user: unknown, { roomId }: { roomId: string }): boolean {
    return roomId === 'lobby';
  }

  async send(): Promise<void> {
    await this.pusher.trigger('chat', 'message.created', { id: '1' });
    // @ts-expect-error: if the types were not found, they would be `any`, and nothing would be wrong here.
    await this.pusher.trigger('chat', 'message.created', { id: 1 });
  }
}

// @ts-expect-error: the same for each of the other entry points.
export const noStore = new RedisWebhookStore(1);
// @ts-expect-error
export const noChannel = typedChannel(defineEvents({}), 1);
// @ts-expect-error
export const noActivity: ServerActivity = 1;

export const store = (client: RedisClient): RedisWebhookStore => new RedisWebhookStore(client);
export const fake: PusherService = new FakePusherService();
export const server: Promise<PusherTestServer> = PusherTestServer.start();
