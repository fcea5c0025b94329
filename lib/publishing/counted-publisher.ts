import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from './event-publisher.js';

/** Counts what becomes of the events of another publisher. */
export class CountedPublisher extends EventPublisher {
  #sent = 0;
  #failed = 0;

  constructor(private readonly publisher: EventPublisher) {
    super();
  }

  /** Events that the server has accepted. */
  get sent(): number {
    return this.#sent;
  }

  /** Events whose publishing has failed; the server may have accepted some of them. */
  get failed(): number {
    return this.#failed;
  }

  publish(event: EncodedEvent): Promise<PublishResponse> {
    return this.#count(1, () => this.publisher.publish(event));
  }

  publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    return this.#count(events.length, () => this.publisher.publishBatch(events));
  }

  flush(): Promise<void> {
    return this.publisher.flush();
  }

  async #count<Result>(events: number, publish: () => Promise<Result>): Promise<Result> {
    try {
      const result = await publish();
      this.#sent += events;
      return result;
    } catch (error) {
      this.#failed += events;
      throw error;
    }
  }
}
