import { Module } from '@nestjs/common';
import {
  PusherAuthController,
  PusherModule,
  PusherWebhookController,
} from 'nestjs-pusher-channels';
import { APP, ChannelsServer } from './channels-server.js';
import { Occupancy } from './occupancy.js';
import { PageController } from './page.controller.js';
import { Visitors } from './visitors.js';

@Module({
  imports: [PusherModule.forRoot({ ...APP, webhooks: { dedupe: true } })],
  controllers: [
    PageController,
    PusherWebhookController(),
    PusherAuthController({ user: () => 'a visitor' }),
  ],
  providers: [ChannelsServer, Occupancy, Visitors],
})
export class AppModule {}
