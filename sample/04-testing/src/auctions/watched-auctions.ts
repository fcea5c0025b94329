import { Injectable } from '@nestjs/common';
import {
  type ChannelOccupiedEvent,
  type ChannelVacatedEvent,
  OnPusherWebhook,
} from 'nestjs-pusher-channels';

const AUCTIONS = { channel: 'auctions.{auctionId}' } as const;

/** Keeps track, through webhooks, of which auctions are being watched. */
@Injectable()
export class WatchedAuctions {
  readonly #ids = new Set<string>();

  has(auctionId: string): boolean {
    return this.#ids.has(auctionId);
  }

  @OnPusherWebhook('channel_occupied', AUCTIONS)
  watched(_event: ChannelOccupiedEvent, { auctionId }: { auctionId: string }): void {
    this.#ids.add(auctionId);
  }

  @OnPusherWebhook('channel_vacated', AUCTIONS)
  left(_event: ChannelVacatedEvent, { auctionId }: { auctionId: string }): void {
    this.#ids.delete(auctionId);
  }
}
