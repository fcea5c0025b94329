import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from './event-publisher.js';

/** Accepts every event and sends none, for applications without a Pusher app: `delivery: 'log' | 'off'`. */
export class UndeliveredPublisher extends EventPublisher {
  /** @param log receives each event, where they are logged */
  constructor(private readonly log?: (message: string) => void) {
    super();
  }

  async publish({ name, channels }: EncodedEvent): Promise<PublishResponse> {
    this.log?.(`Not sent: ${name} on ${channels.join(', ')}.`);
    return {};
  }

  async publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    for (const { name, channel } of events) this.log?.(`Not sent: ${name} on ${channel}.`);
    return events.map(() => ({}));
  }

  async flush(): Promise<void> {}
}
