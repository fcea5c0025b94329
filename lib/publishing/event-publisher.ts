import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import type { CallSubject } from '../http/error-locator.js';

/** An event as it is sent: checked, serialized, encrypted where necessary, and measured. */
export interface EncodedEvent {
  readonly name: string;
  /** One or more; exactly one when the event is encrypted. */
  readonly channels: readonly string[];
  readonly data: string;
  /** The connection that must not receive the event. */
  readonly socketId?: string;
  /** The requested attributes, as the `info` parameter has them. */
  readonly info?: string;
}

/** An event of a batch: it has one channel. */
export interface EncodedBatchEvent extends Omit<EncodedEvent, 'channels'> {
  readonly channel: string;
  /** The event as the request contains it, if it has been made already. */
  readonly json?: string;
}

/** The attributes of the event's channels, by name; empty unless `info` was requested. */
export type PublishResponse = Readonly<Record<string, ChannelAttributes>>;

/** How encoded events are sent: one by one, in batches, or into a record that a test reads. */
export abstract class EventPublisher {
  /** Resolves when the server has accepted the event. */
  abstract publish(event: EncodedEvent): Promise<PublishResponse>;

  /** Sends one batch request. Returns one entry per event, in order. */
  abstract publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]>;

  /** Resolves when everything published so far has been accepted or has failed; never rejects. */
  abstract flush(): Promise<void>;
}

/** What the error of the event's call names. */
export function subjectOf({ name, channels }: EncodedEvent): CallSubject {
  return { event: name, channels };
}

/** The same for a batch: a name only where all of its events have it. */
export function subjectOfBatch(batch: readonly EncodedBatchEvent[]): CallSubject {
  const names = new Set(batch.map(({ name }) => name));
  return {
    event: names.size === 1 ? batch[0]?.name : undefined,
    channels: [...new Set(batch.map(({ channel }) => channel))],
    events: batch.length,
  };
}
