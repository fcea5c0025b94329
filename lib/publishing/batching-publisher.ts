import { PusherConnectionError } from '../errors/pusher-connection.error.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import type { Clock } from '../runtime/clock.js';
import { settlesWithin } from '../runtime/deadline.js';
import { InFlight } from '../runtime/in-flight.js';
import { BatchScheduler, type BatchSchedulerPorts } from './batch-scheduler.js';
import type { DirectPublisher } from './direct-publisher.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from './event-publisher.js';
import { QueuedBatch, type QueuedCall, QueuedEvent, sendCalls } from './send-batch.js';

/** What a shutdown could not finish, in events. */
export interface Unfinished {
  /** Never sent; the promises of their callers were rejected. */
  readonly unsent: number;
  /** Sent, without a response in time. */
  readonly unanswered: number;
}

/**
 * Sends events at once while fewer than `maxInFlight` requests are in flight, and in batches
 * otherwise. Each caller gets its own result and its own error. Each channel has at most one request
 * in flight, so its events arrive in the order in which they were published, even when a request is
 * retried.
 */
export class BatchingPublisher extends EventPublisher {
  readonly #direct: DirectPublisher;
  readonly #scheduler: BatchScheduler;
  readonly #clock: Clock;
  readonly #maxQueued: number;
  readonly #inFlight = new InFlight();
  #isClosing = false;

  constructor(ports: Omit<BatchSchedulerPorts, 'send'> & { readonly direct: DirectPublisher }) {
    super();
    this.#direct = ports.direct;
    this.#clock = ports.clock;
    this.#maxQueued = ports.options.maxQueued;
    this.#scheduler = new BatchScheduler({ ...ports, send: (calls) => this.#send(calls) });
  }

  publish(event: EncodedEvent): Promise<PublishResponse> {
    const [channel = ''] = event.channels;
    const isBatchable = event.channels.length === 1;
    if (isBatchable && !this.#isClosing && this.#scheduler.begin(channel))
      return this.#publishNow(event);
    return new Promise((resolve, reject) =>
      this.#enqueue(new QueuedEvent(event, { resolve, reject })),
    );
  }

  publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    return new Promise((resolve, reject) =>
      this.#enqueue(new QueuedBatch(events, { resolve, reject })),
    );
  }

  flush(): Promise<void> {
    return this.#inFlight.settled();
  }

  /**
   * Accepts nothing more, sends what is queued, and waits for the responses.
   * @param timeoutMs how long at most, in milliseconds; what has not been sent by then is rejected
   *   with `PUSHER_NOT_SENT`
   */
  async close(timeoutMs: number): Promise<Unfinished> {
    this.#isClosing = true;
    await settlesWithin(timeoutMs, this.flush(), this.#clock);
    const calls = this.#scheduler.clear();
    for (const { caller } of calls)
      caller.reject(
        notSent(
          'the application shut down before it could be sent. Raise shutdownTimeoutMs to give queued events more time.',
        ),
      );
    leave(calls);
    const unsent = calls.reduce((sum, { size }) => sum + size, 0);
    return { unsent, unanswered: this.#inFlight.count };
  }

  /** The fast path, without the queue. */
  async #publishNow(event: EncodedEvent): Promise<PublishResponse> {
    const entry = this.#inFlight.enter();
    try {
      return await this.#direct.publish(event);
    } finally {
      entry.leave(1);
      this.#scheduler.end(event.channels);
    }
  }

  #enqueue(call: QueuedCall): void {
    if (this.#isClosing) {
      call.caller.reject(
        notSent('the application is shutting down. Trigger it before the application closes.'),
      );
      return;
    }
    call.inFlight = this.#inFlight.enter(call.size);
    if (this.#scheduler.add(call)) return;
    call.caller.reject(
      notSent(
        `${this.#maxQueued} events are already waiting. Trigger fewer at once, raise batching.maxQueued, or let callers wait with batching.whenFull: 'wait'.`,
      ),
    );
    leave([call]);
  }

  async #send(calls: readonly QueuedCall[]): Promise<void> {
    await sendCalls(calls, this.#direct);
    leave(calls);
  }
}

function leave(calls: readonly QueuedCall[]): void {
  for (const call of calls) call.inFlight?.leave(call.size);
}

function notSent(reason: string): PusherConnectionError {
  const request = { method: 'POST', path: '/batch_events', attempts: 0 };
  return new PusherConnectionError(
    'PUSHER_NOT_SENT',
    `The event was not sent: ${reason}`,
    request,
    false,
  );
}
