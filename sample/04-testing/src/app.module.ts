import { Module } from '@nestjs/common';
import { PusherModule, PusherWebhookController } from 'nestjs-pusher-channels';
import { AuctionsModule } from './auctions/auctions.module.js';

/** Nothing in here knows of the tests: the app comes from `PUSHER_URL`, as it does in production. */
@Module({
  imports: [PusherModule.forRoot(), AuctionsModule],
  controllers: [PusherWebhookController()],
})
export class AppModule {}
