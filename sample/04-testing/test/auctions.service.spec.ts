import { describe, expect, it } from '@jest/globals';
import { ConflictException } from '@nestjs/common';
import { FakePusherService } from 'nestjs-pusher-channels/testing';
import { type AuctionEvents, AuctionsService } from '../src/auctions/auctions.service.js';

describe('AuctionsService', () => {
  it('notifies the watchers of a higher bid, and of no other bid', async () => {
    const pusher = new FakePusherService<AuctionEvents>();
    const auctions = new AuctionsService(pusher);
    await auctions.bid('7', 100);
    await expect(auctions.bid('7', 100)).rejects.toThrow(ConflictException);
    await auctions.bid('8', 50);
    pusher.assertTriggeredTimes('bid.placed', 1, 'auctions.7');
    pusher.assertTriggeredTimes('bid.placed', 1, 'auctions.8');
  });
});
