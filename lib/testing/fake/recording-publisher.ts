import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from '../../publishing/event-publisher.js';
import { readAttributes } from '../../protocol/wire.js';
import type { ChannelAttributes } from '../../protocol/channel-attributes.js';
import type { FakeChannels } from './fake-channels.js';
import type { PlannedFailures } from './planned-failures.js';

/** Records what is published, and sends nothing. */
export class RecordingPublisher extends EventPublisher {
  constructor(
    private readonly record: (event: EncodedEvent) => void,
    private readonly channels: FakeChannels,
    private readonly failures: PlannedFailures,
  ) {
    super();
  }

  async publish(event: EncodedEvent): Promise<PublishResponse> {
    this.failures.throwNext();
    this.record(event);
    const { channels, info } = event;
    if (info === undefined) return {};
    return Object.fromEntries(channels.map((name) => [name, this.#attributes(name, info)]));
  }

  async publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    this.failures.throwNext();
    return events.map(({ channel, ...event }) => {
      this.record({ ...event, channels: [channel] });
      return this.#attributes(channel, event.info ?? '');
    });
  }

  async flush(): Promise<void> {}

  #attributes(channel: string, info: string): ChannelAttributes {
    return readAttributes(this.channels.attributes(channel, info));
  }
}
