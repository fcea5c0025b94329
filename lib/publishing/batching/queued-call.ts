import { AsyncResource } from 'node:async_hooks';
import type { ChannelAttributes } from '../../protocol/channel-attributes.js';
import { readAttributes } from '../../protocol/wire.js';
import type { InFlightEntry } from '../../runtime/in-flight.js';
import type { QueueEntry } from './batch-queue.js';
import { type DirectPublisher, batchEventJson } from '../direct-publisher.js';
import type { EncodedBatchEvent, EncodedEvent, PublishResponse } from '../event-publisher.js';

/** A call of `publish` or `publishBatch` that waits in a queue. */
export type QueuedCall = QueuedEvent | QueuedBatch;

/** Knows its caller: the promise that it waits for, and the async context in which it called. */
abstract class Queued<Result> extends AsyncResource {
  readonly result: Promise<Result>;
  readonly queuedAt: number;
  /** In events. */
  abstract readonly size: number;
  readonly #inFlight: InFlightEntry;
  #resolve!: (result: Result) => void;
  #reject!: (error: unknown) => void;

  /**
   * @param queuedAt by `elapsed` of the clock
   * @param inFlight where the call is counted until it settles
   */
  constructor(queuedAt: number, inFlight: InFlightEntry) {
    super('PusherQueuedCall');
    this.queuedAt = queuedAt;
    this.#inFlight = inFlight;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Sends the call in a request of its own, and settles its promise. Never rejects. */
  async sendAlone(direct: DirectPublisher, deadlineMs: number): Promise<void> {
    try {
      this.succeed(await this.request(direct, deadlineMs));
    } catch (error) {
      this.fail(error);
    }
  }

  protected abstract request(direct: DirectPublisher, deadlineMs: number): Promise<Result>;

  protected succeed(result: Result): void {
    this.#resolve(result);
    this.#inFlight.leave(this.size);
  }

  fail(error: unknown): void {
    this.#reject(error);
    this.#inFlight.leave(this.size);
  }
}

const NO_ATTRIBUTES: PublishResponse = Object.freeze({});

/** A call of `publish`. With one channel it can be sent in a batch. */
export class QueuedEvent extends Queued<PublishResponse> implements QueueEntry {
  readonly size = 1;
  readonly batchable: boolean;
  readonly #event: EncodedEvent;
  #json: string | undefined;

  constructor(event: EncodedEvent, queuedAt: number, inFlight: InFlightEntry) {
    super(queuedAt, inFlight);
    this.#event = event;
    this.batchable = event.channels.length === 1;
  }

  get channels(): readonly string[] {
    return this.batchable ? this.#event.channels : [...new Set(this.#event.channels)];
  }

  /** Made when it is first needed. */
  get json(): string {
    const { name, data, socketId, info } = this.#event;
    const [channel = ''] = this.#event.channels;
    return (this.#json ??= batchEventJson({ channel, name, data, socketId, info }));
  }

  protected request(direct: DirectPublisher, deadlineMs: number): Promise<PublishResponse> {
    return direct.publish(this.#event, deadlineMs);
  }

  /** Resolves the caller's promise with the event's entry in the response to a batch. */
  succeedWith(entry: unknown): void {
    const { info, channels } = this.#event;
    if (info === undefined) this.succeed(NO_ATTRIBUTES);
    else this.succeed({ [channels[0] ?? '']: readAttributes(entry) });
  }
}

/** A call of `publishBatch`, which is sent as it is. */
export class QueuedBatch extends Queued<ChannelAttributes[]> implements QueueEntry {
  readonly batchable = false;
  readonly json = '';

  constructor(
    private readonly events: readonly EncodedBatchEvent[],
    queuedAt: number,
    inFlight: InFlightEntry,
  ) {
    super(queuedAt, inFlight);
  }

  get size(): number {
    return this.events.length;
  }

  get channels(): readonly string[] {
    return [...new Set(this.events.map(({ channel }) => channel))];
  }

  protected request(direct: DirectPublisher, deadlineMs: number): Promise<ChannelAttributes[]> {
    return direct.publishBatch(this.events, deadlineMs);
  }
}

/**
 * Fails calls, of which there may be very many, each with an error of its own. The errors are made
 * without stacks: capturing one takes most of the time that an error costs, and it would show a timer
 * or a response instead of the caller.
 */
export function failAll(calls: readonly QueuedCall[], errorOf: (index: number) => unknown): void {
  const { stackTraceLimit } = Error;
  // Unlike an assignment, this does not throw where `Error` is frozen.
  Reflect.set(Error, 'stackTraceLimit', 0);
  for (const [index, call] of calls.entries()) call.fail(errorOf(index));
  Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
}
