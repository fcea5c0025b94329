import { Injectable, Logger } from '@nestjs/common';
import {
  type ChannelOccupiedEvent,
  type ChannelVacatedEvent,
  type MemberAddedEvent,
  type MemberRemovedEvent,
  OnPusherWebhook,
  type UnknownWebhookEvent,
  type WebhookEvent,
} from 'nestjs-pusher-channels';
import { BehaviorSubject, type Observable } from 'rxjs';

/** A channel with at least one subscriber. */
export interface OccupiedChannel {
  channel: string;
  members: string[];
  /** How many times somebody has come since the application started. */
  visits: number;
}

/** What the page shows. */
export interface Observed {
  channels: OccupiedChannel[];
  /** The webhook events that have arrived, the last one first. */
  events: (WebhookEvent | UnknownWebhookEvent)[];
}

/** How many events the page shows. */
const SHOWN = 8;

const ROOMS = { channel: 'presence-rooms.{roomId}' } as const;

/** Keeps track, through webhooks alone, of which channels are occupied and by whom. */
@Injectable()
export class Occupancy {
  readonly #log = new Logger('Webhooks');
  readonly #members = new Map<string, Set<string>>();
  readonly #visits = new Map<string, number>();
  #events: Observed['events'] = [];
  readonly #observed = new BehaviorSubject<Observed>({ channels: [], events: [] });

  /** What is known now, and again whenever that changes. */
  changes(): Observable<Observed> {
    return this.#observed;
  }

  @OnPusherWebhook('channel_occupied')
  occupied({ channel }: ChannelOccupiedEvent): void {
    this.#membersOf(channel);
    this.#publish();
  }

  @OnPusherWebhook('channel_vacated')
  vacated({ channel }: ChannelVacatedEvent): void {
    this.#members.delete(channel);
    this.#publish();
  }

  /** The reason for `dedupe`: a webhook that is delivered twice must be counted once. */
  @OnPusherWebhook('member_added', ROOMS)
  came({ channel, userId }: MemberAddedEvent, { roomId }: { roomId: string }): void {
    this.#membersOf(channel).add(userId);
    const visits = (this.#visits.get(channel) ?? 0) + 1;
    this.#visits.set(channel, visits);
    this.#log.log(`${userId} came to the ${roomId}: visit ${visits}`);
    this.#publish();
  }

  @OnPusherWebhook('member_removed', ROOMS)
  left({ channel, userId }: MemberRemovedEvent): void {
    this.#members.get(channel)?.delete(userId);
    this.#publish();
  }

  @OnPusherWebhook('*')
  printed(event: WebhookEvent | UnknownWebhookEvent): void {
    this.#log.log(JSON.stringify(event));
    this.#events = [event, ...this.#events].slice(0, SHOWN);
    this.#publish();
  }

  /** Pusher does not promise that `channel_occupied` comes before `member_added`. */
  #membersOf(channel: string): Set<string> {
    const members = this.#members.get(channel) ?? new Set();
    this.#members.set(channel, members);
    return members;
  }

  #publish(): void {
    const channels = Array.from(this.#members, ([channel, members]) => ({
      channel,
      members: [...members],
      visits: this.#visits.get(channel) ?? 0,
    }));
    this.#observed.next({ channels, events: this.#events });
  }
}
