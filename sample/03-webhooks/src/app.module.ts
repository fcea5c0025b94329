import { Module } from '@nestjs/common';
import {
  PusherAuthController,
  PusherModule,
  PusherWebhookController,
} from 'nestjs-pusher-channels';
import { ChannelsServer } from '../../shared/channels-server.js';
import { ChannelsServerModule } from '../../shared/channels-server.module.js';
import { PageModule } from '../../shared/page.module.js';
import { Occupancy } from './occupancy.js';
import { OccupancyController } from './occupancy.controller.js';
import { Visitors } from './visitors.js';

@Module({
  imports: [
    ChannelsServerModule,
    PageModule.of('03-webhooks'),
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => ({ ...server.options, webhooks: { dedupe: true } }),
    }),
  ],
  controllers: [
    OccupancyController,
    PusherWebhookController(),
    PusherAuthController({ user: () => 'a visitor' }),
  ],
  providers: [Occupancy, Visitors],
})
export class AppModule {}
