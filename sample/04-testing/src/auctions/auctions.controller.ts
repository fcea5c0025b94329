import { Controller, Param, ParseIntPipe, Post } from '@nestjs/common';
import { AuctionsService } from './auctions.service.js';
import { WatchedAuctions } from './watched-auctions.js';

@Controller('auctions')
export class AuctionsController {
  constructor(
    private readonly auctions: AuctionsService,
    private readonly watched: WatchedAuctions,
  ) {}

  /** Returns whether anybody was watching. */
  @Post(':auctionId/bids/:amount')
  async bid(
    @Param('auctionId') auctionId: string,
    @Param('amount', ParseIntPipe) amount: number,
  ): Promise<{ watched: boolean }> {
    await this.auctions.bid(auctionId, amount);
    return { watched: this.watched.has(auctionId) };
  }
}
