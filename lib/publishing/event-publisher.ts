import type { ChannelAttributes } from '../protocol/channel-attributes.js';

/** An event as it travels: checked, serialised, sealed where it has to be, and measured. */
export interface EncodedEvent {
  readonly name: string;
  /** One or more; exactly one when the event is sealed. */
  readonly channels: readonly string[];
  readonly data: string;
  /** The connection that must not get the event. */
  readonly socketId?: string;
  /** The wanted attributes, as the `info` parameter has them. */
  readonly info?: string;
}

/** An event of a batch: one channel. */
export interface EncodedBatchEvent extends Omit<EncodedEvent, 'channels'> {
  readonly channel: string;
}

/** What the server told of the channels of an event, by name; empty unless `info` was asked for. */
export type PublishResponse = Readonly<Record<string, ChannelAttributes>>;

/** How encoded events leave: one by one, gathered, or into a record that a test reads. */
export abstract class EventPublisher {
  /** Resolves when the server has accepted the event. */
  abstract publish(event: EncodedEvent): Promise<PublishResponse>;

  /** Sends one batch request. Gives one entry per event, in order. */
  abstract publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]>;

  /** Resolves when everything accepted so far has been answered or has failed; never rejects. */
  abstract flush(): Promise<void>;
}
