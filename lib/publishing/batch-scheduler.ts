import type { BatchingSettings } from '../options/batching.options.js';
import type { Clock } from '../runtime/clock.js';
import { Queue } from '../runtime/queue.js';
import { BatchBudget, type BatchLimits } from './batch-budget.js';
import { ChannelQueues } from './channel-queues.js';
import type { QueuedCall } from './send-batch.js';

/** What a scheduler is built from. */
export interface BatchSchedulerPorts {
  readonly options: Readonly<BatchingSettings>;
  readonly limits: BatchLimits;
  readonly clock: Clock;
  /** Sends calls in one request; resolves when all of them have succeeded or failed. */
  readonly send: (calls: readonly QueuedCall[]) => Promise<void>;
}

/**
 * Decides when calls are sent: at once while fewer than `maxInFlight` requests are in flight, else
 * together with others as soon as a request has ended. When none ends for `maxDelayMs`, the calls
 * that have waited that long are sent anyway.
 */
export class BatchScheduler {
  readonly #ports: BatchSchedulerPorts;
  readonly #queues = new ChannelQueues<QueuedCall>();
  /** Calls that wait until the queues have capacity for them. */
  readonly #overflow = new Queue<QueuedCall>();
  /** Events that count towards `maxQueued`: those in the queues, and those sent beyond `maxInFlight`. */
  #queuedEvents = 0;
  #requestsInFlight = 0;
  /** When the last request ended, by `elapsed` of the clock. */
  #lastEndedAt = 0;
  #stallTimerIsRunning = false;
  readonly #stopped = new AbortController();

  constructor(ports: BatchSchedulerPorts) {
    this.#ports = ports;
  }

  /**
   * Begins a request with one event of the channel if nothing has to be waited for, and returns
   * whether it did. The caller sends the event and then calls `end`.
   */
  begin(channel: string): boolean {
    if (this.#isBusy() || !this.#overflow.isEmpty || !this.#queues.isIdle(channel)) return false;
    this.#queues.reserve(channel);
    this.#requestsInFlight += 1;
    return true;
  }

  /** Ends a request with events of the channels, and sends what was waiting for that. */
  end(channels: Iterable<string>): void {
    this.#requestsInFlight -= 1;
    this.#lastEndedAt = this.#ports.clock.elapsed();
    for (const channel of channels) this.#queues.release(channel);
    this.#sendReady();
  }

  /** Queues the call. Returns false when the queue is full and `whenFull` is `'reject'`. */
  add(call: QueuedCall): boolean {
    if (this.#overflow.isEmpty && this.#fits(call)) this.#enqueue(call);
    else if (this.#ports.options.whenFull === 'reject') return false;
    else this.#overflow.push(call);
    this.#sendReady();
    return true;
  }

  /** Stops the timer and takes all calls that have not been sent. */
  clear(): QueuedCall[] {
    this.#stopped.abort();
    return [...this.#queues.clear(), ...this.#overflow.drain()];
  }

  /** Whether there is capacity for the call, or it can be sent at once. */
  #fits({ size, channels }: QueuedCall): boolean {
    const { maxQueued } = this.#ports.options;
    if (this.#queuedEvents === 0 || this.#queuedEvents + size <= maxQueued) return true;
    return (
      !this.#isBusy() &&
      this.#queues.ready === undefined &&
      channels.every((channel) => this.#queues.isIdle(channel))
    );
  }

  #isBusy(): boolean {
    return this.#requestsInFlight >= this.#ports.options.maxInFlight;
  }

  #enqueue(call: QueuedCall): void {
    call.queuedAt = this.#ports.clock.elapsed();
    this.#queuedEvents += call.size;
    this.#queues.add(call);
  }

  /** Sends what can be sent, and queues what then fits. */
  #sendReady(): void {
    this.#enqueueOverflow();
    while (this.#queues.ready !== undefined && (!this.#isBusy() || this.#msUntilStalled() <= 0)) {
      void this.#sendNext();
      this.#enqueueOverflow();
    }
    if (this.#queues.ready !== undefined && !this.#stallTimerIsRunning) void this.#runStallTimer();
  }

  #enqueueOverflow(): void {
    for (let call = this.#overflow.peek(); call && this.#fits(call); call = this.#overflow.peek()) {
      this.#overflow.shift();
      this.#enqueue(call);
    }
  }

  /** Sends the next request. Beyond `maxInFlight` its events stay counted, which bounds such requests. */
  async #sendNext(): Promise<void> {
    const budget = new BatchBudget(this.#ports.limits);
    const calls = this.#queues.take((call) => call.batchable && budget.take(call));
    const events = calls.reduce((sum, { size }) => sum + size, 0);
    const isAdditional = this.#isBusy();
    if (!isAdditional) this.#queuedEvents -= events;
    this.#requestsInFlight += 1;
    await this.#ports.send(calls);
    if (isAdditional) this.#queuedEvents -= events;
    this.end(calls.flatMap(({ channels }) => channels));
  }

  /** Milliseconds until the next call is sent although no request has ended. */
  #msUntilStalled(): number {
    const since = Math.max(this.#queues.ready?.queuedAt ?? 0, this.#lastEndedAt);
    return since + this.#ports.options.maxDelayMs - this.#ports.clock.elapsed();
  }

  /** Runs while a call is ready to be sent, and sends it when no request ends for `maxDelayMs`. */
  async #runStallTimer(): Promise<void> {
    this.#stallTimerIsRunning = true;
    while (this.#queues.ready !== undefined && (await this.#sleep(this.#msUntilStalled())))
      this.#sendReady();
    this.#stallTimerIsRunning = false;
  }

  /** Returns false when the scheduler has been stopped. */
  async #sleep(milliseconds: number): Promise<boolean> {
    try {
      await this.#ports.clock.sleep(Math.max(milliseconds, 0), this.#stopped.signal);
      return true;
    } catch {
      return false;
    }
  }
}
