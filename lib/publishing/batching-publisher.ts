import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import type { Clock } from '../runtime/clock.js';
import { settlesWithin } from '../runtime/deadline.js';
import type { DirectPublisher } from './direct-publisher.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from './event-publisher.js';
import { type Caller, GatheredEvent, type Job, OwnRequest } from './job.js';
import { BatchScheduler, type BatchSchedulerPorts } from './batch-scheduler.js';
import { outOfTime, queueIsFull, shuttingDown } from './not-sent.js';
import { sendGathered } from './send-batch.js';
import { InFlight } from '../runtime/in-flight.js';
import { tell } from './tell.js';

/** What a shutdown could not finish, in events. */
export interface Leftover {
  /** Never sent; their callers have been told so. */
  readonly unsent: number;
  /** Sent, and not answered in time. */
  readonly unanswered: number;
}

/**
 * Sends events at once while the line is free, and gathers them into batches while it is not. Each
 * caller gets its own answer and its own error. Of each channel one request at most is under way, so
 * its events arrive in the order in which they were published, even when a request has to be
 * repeated.
 */
export class BatchingPublisher extends EventPublisher {
  readonly #direct: DirectPublisher;
  readonly #line: BatchScheduler;
  readonly #clock: Clock;
  readonly #maxQueued: number;
  readonly #inFlight = new InFlight();
  #closing = false;

  constructor(ports: Omit<BatchSchedulerPorts, 'send'> & { readonly direct: DirectPublisher }) {
    super();
    this.#direct = ports.direct;
    this.#clock = ports.clock;
    this.#maxQueued = ports.options.maxQueued;
    this.#line = new BatchScheduler({ ...ports, send: (jobs) => this.#send(jobs) });
  }

  publish(event: EncodedEvent): Promise<PublishResponse> {
    const [channel = ''] = event.channels;
    const gathers = event.channels.length === 1;
    if (gathers && !this.#closing && this.#line.begin(channel)) return this.#publishAtOnce(event);
    return new Promise((resolve, reject) => {
      const caller = { resolve, reject };
      this.#enter(
        gathers
          ? new GatheredEvent(event, channel, caller)
          : own(event.channels, 1, () => this.#direct.publish(event), caller),
      );
    });
  }

  publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    return new Promise((resolve, reject) => {
      const channels = events.map(({ channel }) => channel);
      const send = () => this.#direct.publishBatch(events);
      this.#enter(own(channels, events.length, send, { resolve, reject }));
    });
  }

  flush(): Promise<void> {
    return this.#inFlight.settled();
  }

  /**
   * Takes nothing more, sends what waits, and waits for the answers.
   * @param deadlineMs what has not left by then fails with `PUSHER_NOT_SENT`
   */
  async close(deadlineMs: number): Promise<Leftover> {
    this.#closing = true;
    await settlesWithin(deadlineMs, this.flush(), this.#clock);
    const left = this.#line.clear();
    for (const job of left) job.caller.reject(outOfTime());
    leave(left);
    const unsent = left.reduce((sum, { size }) => sum + size, 0);
    return { unsent, unanswered: this.#inFlight.count };
  }

  /** The short way, for a line that is free: nothing is queued, nothing gathered. */
  async #publishAtOnce(event: EncodedEvent): Promise<PublishResponse> {
    const entry = this.#inFlight.enter();
    try {
      return await this.#direct.publish(event);
    } finally {
      entry.leave(1);
      this.#line.ended(event.channels);
    }
  }

  #enter(job: Job): void {
    if (this.#closing) {
      job.caller.reject(shuttingDown());
      return;
    }
    job.inFlight = this.#inFlight.enter(job.size);
    if (this.#line.enter(job)) return;
    job.caller.reject(queueIsFull(this.#maxQueued));
    leave([job]);
  }

  async #send(jobs: readonly Job[]): Promise<void> {
    const gathered: GatheredEvent[] = [];
    for (const job of jobs)
      if (job.gathers) gathered.push(job);
      else await job.send();
    await sendGathered(gathered, this.#direct);
    leave(jobs);
  }
}

function own<Answer>(
  channels: readonly string[],
  size: number,
  work: () => Promise<Answer>,
  caller: Caller<Answer>,
): OwnRequest {
  return new OwnRequest(channels, size, () => tell(caller, work), caller);
}

function leave(jobs: readonly Job[]): void {
  for (const job of jobs) job.inFlight?.leave(job.size);
}
