import { Module } from '@nestjs/common';
import { AuctionsController } from './auctions.controller.js';
import { AuctionsService } from './auctions.service.js';
import { WatchedAuctions } from './watched-auctions.js';

@Module({
  controllers: [AuctionsController],
  providers: [AuctionsService, WatchedAuctions],
})
export class AuctionsModule {}
