import { ConflictException, Injectable } from '@nestjs/common';
import { PusherService } from 'nestjs-pusher-channels';

export interface AuctionEvents {
  'bid.placed': { amount: number };
}

@Injectable()
export class AuctionsService {
  readonly #highest = new Map<string, number>();

  constructor(private readonly pusher: PusherService<AuctionEvents>) {}

  /** @throws ConflictException when somebody has already bid as much */
  async bid(auctionId: string, amount: number): Promise<void> {
    const highest = this.#highest.get(auctionId) ?? 0;
    if (amount <= highest) throw new ConflictException(`Bid more than ${highest}.`);
    this.#highest.set(auctionId, amount);
    await this.pusher.trigger(`auctions.${auctionId}`, 'bid.placed', { amount });
  }
}
