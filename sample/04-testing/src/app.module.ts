import { Module } from '@nestjs/common';
import { PusherModule, PusherWebhookController } from 'nestjs-pusher-channels';
import { AuctionsModule } from './auctions/auctions.module.js';

/** Knows nothing about tests: the app comes from `PUSHER_URL`, as it does in production. */
@Module({
  imports: [PusherModule.forRoot(), AuctionsModule],
  controllers: [PusherWebhookController()],
})
export class AppModule {}
