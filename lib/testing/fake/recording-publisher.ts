import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from '../../publishing/event-publisher.js';
import type { ChannelAttributes } from '../../protocol/channel-attributes.js';
import type { PlannedFailures } from './planned-failures.js';

/** Records what is published, and sends nothing. */
export class RecordingPublisher extends EventPublisher {
  readonly #record: (event: EncodedEvent) => void;
  readonly #failures: PlannedFailures;

  constructor(record: (event: EncodedEvent) => void, failures: PlannedFailures) {
    super();
    this.#record = record;
    this.#failures = failures;
  }

  async publish(event: EncodedEvent): Promise<PublishResponse> {
    this.#failures.throwNext();
    this.#record(event);
    return {};
  }

  async publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    this.#failures.throwNext();
    for (const { channel, ...event } of events) this.#record({ ...event, channels: [channel] });
    return events.map(() => ({}));
  }

  async flush(): Promise<void> {}
}
