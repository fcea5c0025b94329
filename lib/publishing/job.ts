import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { batchEntryJson } from './event-json.js';
import type { EncodedEvent, PublishResponse } from './event-publisher.js';
import type { Turn } from './channel-queues.js';
import type { InFlightEntry } from '../runtime/in-flight.js';

/** The two ends of the promise that a caller holds. */
export interface Caller<Answer> {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** What a publisher notes about a call that waits for its turn. */
abstract class Waiting {
  /** Where it is counted. */
  inFlight: InFlightEntry | undefined;
  /** When it joined the line, by the clock's `elapsed`. */
  since = 0;
}

/** One event to one channel: the kind that is gathered into batches. */
export class GatheredEvent extends Waiting implements Turn {
  readonly gathers = true;
  readonly size = 1;
  readonly channels: readonly [string];
  #entry: string | undefined;

  constructor(
    readonly event: EncodedEvent,
    channel: string,
    readonly caller: Caller<PublishResponse>,
  ) {
    super();
    this.channels = [channel];
  }

  /** The event as an entry of a batch, made when it is first needed. */
  get entry(): string {
    const [channel] = this.channels;
    const { name, data, socketId, info } = this.event;
    return (this.#entry ??= batchEntryJson({ channel, name, data, socketId, info }));
  }

  /** Tells the caller what the answer to the batch tells of this event. */
  accept(attributes: ChannelAttributes): void {
    const [channel] = this.channels;
    this.caller.resolve(this.event.info === undefined ? {} : { [channel]: attributes });
  }
}

/** An event to several channels, or a batch made by the caller: a request of its own. */
export class OwnRequest extends Waiting implements Turn {
  readonly gathers = false;
  readonly channels: readonly string[];

  constructor(
    channels: Iterable<string>,
    /** How many events it holds. */
    readonly size: number,
    /** Sends it and tells the caller how that ended; never rejects. */
    readonly send: () => Promise<void>,
    readonly caller: Pick<Caller<never>, 'reject'>,
  ) {
    super();
    this.channels = [...new Set(channels)];
  }
}

/** A call that waits for its turn. */
export type Job = GatheredEvent | OwnRequest;
