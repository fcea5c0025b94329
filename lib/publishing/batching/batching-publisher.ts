import { PusherConnectionError } from '../../errors/pusher-connection.error.js';
import type { ChannelAttributes } from '../../protocol/channel-attributes.js';
import type { Clock } from '../../runtime/clock.js';
import { InFlight } from '../../runtime/in-flight.js';
import { BatchScheduler, type BatchSchedulerPorts } from './batch-scheduler.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from '../event-publisher.js';
import { QueuedBatch, type QueuedCall, QueuedEvent, failAll } from './queued-call.js';
import { type SendingParts, sendCalls } from './send-batch.js';

/** What a shutdown could not finish, in events. */
export interface Unfinished {
  /** Never sent; the promises of their callers were rejected. */
  readonly unsent: number;
  /** Sent, without a response in time. */
  readonly unanswered: number;
}

/** What a batching publisher is built from. */
export interface BatchingPorts
  extends Omit<BatchSchedulerPorts, 'send' | 'onExpired'>, SendingParts {}

/**
 * Sends what is called during one turn of the event loop in batches, many of them side by side.
 * Each caller gets its own result and its own error, at the latest at its deadline.
 */
export class BatchingPublisher extends EventPublisher {
  readonly #ports: BatchingPorts;
  readonly #scheduler: BatchScheduler;
  readonly #clock: Clock;
  readonly #inFlight = new InFlight();
  #isClosing = false;
  #batched = 0;

  constructor(ports: BatchingPorts) {
    super();
    this.#ports = ports;
    this.#clock = ports.clock;
    this.#scheduler = new BatchScheduler({
      ...ports,
      send: (calls) => {
        if (calls.length > 1) this.#batched += calls.length;
        return sendCalls(calls, ports);
      },
      onExpired: (calls, waiting) => this.#failExpired(calls, waiting),
    });
  }

  publish(event: EncodedEvent): Promise<PublishResponse> {
    const call = new QueuedEvent(event, this.#clock.elapsed(), this.#inFlight.enter());
    this.#add(call);
    return call.result;
  }

  publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    const entry = this.#inFlight.enter(events.length);
    const call = new QueuedBatch(events, this.#clock.elapsed(), entry);
    this.#add(call);
    return call.result;
  }

  /** Events that were sent in one request with others. */
  get batched(): number {
    return this.#batched;
  }

  /** Events that wait to be sent. */
  get queued(): number {
    return this.#scheduler.queuedEvents;
  }

  flush(): Promise<void> {
    return this.#inFlight.settled();
  }

  /**
   * Accepts nothing more, sends what is queued, and waits for the responses. When nine tenths of the
   * time are over, or earlier when so much is queued that rejecting it takes long, what is still queued
   * is rejected with `PUSHER_NOT_SENT`; the rest of the time is for the responses to what has been sent,
   * and to reject the callers that get none.
   * @param timeoutMs how long at most, in milliseconds
   */
  async close(timeoutMs: number): Promise<Unfinished> {
    this.#isClosing = true;
    const endsAt = this.#clock.elapsed() + timeoutMs;
    await this.#inFlight.settledWithin(timeoutMs * 0.9, this.#clock);
    const calls = this.#scheduler.clear();
    failAll(calls, () =>
      notSent(
        'the application shut down before it could be sent. Raise shutdownTimeoutMs to give queued events more time.',
      ),
    );
    await this.#inFlight.settledWithin(endsAt - this.#clock.elapsed(), this.#clock);
    const unsent = calls.reduce((sum, { size }) => sum + size, 0);
    return { unsent, unanswered: this.#inFlight.count };
  }

  #add(call: QueuedCall): void {
    if (this.#isClosing)
      call.fail(
        notSent('the application is shutting down. Trigger it before the application closes.'),
      );
    else if (!this.#scheduler.add(call))
      call.fail(
        notSent(
          `${this.#ports.options.maxQueued} events are already waiting. Trigger fewer at once, raise batching.maxQueued, or let callers wait with batching.whenFull: 'wait'.`,
        ),
      );
  }

  #failExpired(calls: readonly QueuedCall[], waiting: number): void {
    const { options, deadlineMs } = this.#ports;
    const remedy =
      options.order === 'channel'
        ? "Choose batching.order 'none' if a channel may have several requests in flight, or raise"
        : 'Raise http.maxConnections to have more requests in flight, or';
    const reason = `it waited for ${deadlineMs} ms, and ${waiting} events were waiting. ${remedy} retry.deadlineMs to let events wait longer.`;
    failAll(calls, () => notSent(reason));
  }
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
