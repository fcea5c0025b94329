import { PusherRequestError } from '../errors/pusher-request.error.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import type { InFlightEntry } from '../runtime/in-flight.js';
import type { QueueEntry } from './channel-queues.js';
import type { DirectPublisher } from './direct-publisher.js';
import { batchEventJson } from './event-json.js';
import type { EncodedBatchEvent, EncodedEvent, PublishResponse } from './event-publisher.js';

/**
 * Statuses with which servers reject the content of a request: malformed, too large, and the status
 * that Reverb uses for malformed. The server has then accepted no event of the request.
 */
const CONTENT_REJECTED: ReadonlySet<number> = new Set([400, 413, 422]);

/** Settles the promise that a caller waits for. */
export interface Caller<Result> {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A call of `publish` or `publishBatch` that waits in the queue. */
export type QueuedCall = QueuedEvent | QueuedBatch;

abstract class Queued {
  /** Where the call is counted as in flight. */
  inFlight: InFlightEntry | undefined;
  /** When it was queued, by `elapsed` of the clock. */
  queuedAt = 0;
}

/** A call of `publish`. With one channel it can be sent in a batch. */
export class QueuedEvent extends Queued implements QueueEntry {
  readonly size = 1;
  readonly channels: readonly string[];
  readonly batchable: boolean;
  #json: string | undefined;

  constructor(
    readonly event: EncodedEvent,
    readonly caller: Caller<PublishResponse>,
  ) {
    super();
    this.channels = withoutRepetition(event.channels);
    this.batchable = event.channels.length === 1;
  }

  /** The event as a batch contains it, made when it is first needed. */
  get json(): string {
    const [channel = ''] = this.channels;
    const { name, data, socketId, info } = this.event;
    return (this.#json ??= batchEventJson({ channel, name, data, socketId, info }));
  }

  /** Resolves the caller's promise with the attributes from the response to the batch. */
  accept(attributes: ChannelAttributes): void {
    const [channel = ''] = this.channels;
    this.caller.resolve(this.event.info === undefined ? {} : { [channel]: attributes });
  }
}

/** A call of `publishBatch`, which is sent as it is. */
export class QueuedBatch extends Queued implements QueueEntry {
  readonly size: number;
  readonly channels: readonly string[];
  readonly batchable = false;

  constructor(
    readonly events: readonly EncodedBatchEvent[],
    readonly caller: Caller<ChannelAttributes[]>,
  ) {
    super();
    this.size = events.length;
    this.channels = withoutRepetition(events.map(({ channel }) => channel));
  }
}

/** Sends the calls in one request and settles the promise of each caller. Never rejects. */
export function sendCalls(calls: readonly QueuedCall[], direct: DirectPublisher): Promise<void> {
  const [first] = calls;
  if (first instanceof QueuedBatch)
    return settle(first.caller, () => direct.publishBatch(first.events));
  return sendEvents(
    calls.filter((call) => call instanceof QueuedEvent),
    direct,
  );
}

function sendEvents(events: readonly QueuedEvent[], direct: DirectPublisher): Promise<void> {
  const [first, second] = events;
  if (first === undefined) return Promise.resolve();
  if (second === undefined) return settle(first.caller, () => direct.publish(first.event));
  return sendBatch(events, direct);
}

/**
 * Sends several events as a batch. When its content is rejected, it is split in halves which are sent
 * in order, and again until only the invalid events have failed.
 */
async function sendBatch(events: readonly QueuedEvent[], direct: DirectPublisher): Promise<void> {
  try {
    const attributes = await direct.publishBatchJson(events.map(({ json }) => json));
    for (const [index, event] of events.entries()) event.accept(attributes[index] ?? {});
  } catch (error) {
    if (!isContentRejected(error)) return rejectAll(events, error);
    const middle = Math.ceil(events.length / 2);
    await sendEvents(events.slice(0, middle), direct);
    await sendEvents(events.slice(middle), direct);
  }
}

async function settle<Result>(caller: Caller<Result>, send: () => Promise<Result>): Promise<void> {
  try {
    caller.resolve(await send());
  } catch (error) {
    caller.reject(error);
  }
}

function isContentRejected(error: unknown): boolean {
  return (
    error instanceof PusherRequestError &&
    error.code === 'PUSHER_REQUEST_REJECTED' &&
    CONTENT_REJECTED.has(error.status)
  );
}

function rejectAll(events: readonly QueuedEvent[], error: unknown): void {
  for (const [index, { caller }] of events.entries())
    caller.reject(index === 0 ? error : copyOfError(error));
}

/**
 * A copy of an error for one more caller: what the code of one caller sets on its error (`accepted`,
 * fields of a logger) must not appear on the error of another.
 */
export function copyOfError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  try {
    const copy: unknown = Object.setPrototypeOf(
      new Error(error.message),
      Object.getPrototypeOf(error) as object,
    );
    return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  } catch {
    // An error that cannot be copied is shared, which is better than no error.
    return error;
  }
}

function withoutRepetition(channels: readonly string[]): readonly string[] {
  return channels.length === 1 ? channels : [...new Set(channels)];
}
