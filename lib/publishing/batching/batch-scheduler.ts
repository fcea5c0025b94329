import type { BatchingSettings } from '../../options/batching.options.js';
import { type Clock, Turn } from '../../runtime/clock.js';
import type { BatchLimits, BatchQueue } from './batch-queue.js';
import { ChannelQueues } from './channel-queues.js';
import { FifoQueue } from './fifo-queue.js';
import type { QueuedCall } from './queued-call.js';

/** What a scheduler is built from. */
export interface BatchSchedulerPorts {
  readonly options: Readonly<BatchingSettings>;
  readonly limits: BatchLimits;
  /** Requests that can be in flight at all. */
  readonly maxConnections: number;
  /** Longest time that a call waits until it is sent, in milliseconds. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly turn: Turn;
  /** Sends calls in one request; resolves when all of them have succeeded or failed. Never rejects. */
  readonly send: (calls: readonly QueuedCall[]) => Promise<void>;
  /** Receives calls that have waited too long, and how many events were waiting then. */
  readonly onExpired: (calls: readonly QueuedCall[], waiting: number) => void;
}

/**
 * Decides when calls are sent. It gathers what is called during one turn of the event loop. A request
 * that is not full is sent while fewer than `maxInFlight` are in flight; a full one, and one that has
 * waited for `maxDelayMs` without any response, while there is a connection for it.
 */
export class BatchScheduler {
  readonly #ports: BatchSchedulerPorts;
  readonly #queue: BatchQueue<QueuedCall>;
  #queuedEvents = 0;
  #requestsInFlight = 0;
  /** When the last request ended, by `elapsed` of the clock. */
  #lastEndedAt = -Infinity;
  #isGathering = false;
  #cancelTimer: () => void = () => undefined;

  constructor(ports: BatchSchedulerPorts) {
    this.#ports = ports;
    const Queue = ports.options.order === 'channel' ? ChannelQueues : FifoQueue;
    this.#queue = new Queue(ports.limits);
  }

  /** Queues the call. Returns false when the queue is full and `whenFull` is `'reject'`. */
  add(call: QueuedCall): boolean {
    if (!this.#hasSpaceFor(call)) {
      this.#sendReady();
      if (!this.#hasSpaceFor(call)) return false;
    }
    this.#queue.add(call);
    this.#queuedEvents += call.size;
    this.#sendAfterThisTurn();
    return true;
  }

  /** Events that wait to be sent. */
  get queuedEvents(): number {
    return this.#queuedEvents;
  }

  /** Stops the timer and takes all calls that have not been sent. */
  clear(): QueuedCall[] {
    this.#cancelTimer();
    this.#queuedEvents = 0;
    return this.#queue.clear();
  }

  #hasSpaceFor({ size }: QueuedCall): boolean {
    const { whenFull, maxQueued } = this.#ports.options;
    return (
      whenFull === 'wait' || this.#queuedEvents === 0 || this.#queuedEvents + size <= maxQueued
    );
  }

  /** What is called until then, and by callers whose response has just arrived, is sent together. */
  #sendAfterThisTurn(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#ports.turn.after(this.#endTurn);
  }

  #endTurn = (): void => {
    this.#isGathering = false;
    this.#sendReady();
  };

  #sendReady(): void {
    this.#removeExpired();
    while (this.#queue.next !== undefined && this.#maySend()) void this.#sendNext();
    this.#setTimer();
  }

  #maySend(): boolean {
    if (!this.#hasConnection()) return false;
    if (this.#requestsInFlight < this.#ports.options.maxInFlight) return true;
    return this.#queue.isFull || this.#stallsAt() <= this.#now();
  }

  #hasConnection(): boolean {
    return this.#requestsInFlight < this.#ports.maxConnections;
  }

  async #sendNext(): Promise<void> {
    const calls = this.#queue.take();
    this.#queuedEvents -= eventsOf(calls);
    this.#requestsInFlight += 1;
    await this.#ports.send(calls);
    this.#requestsInFlight -= 1;
    this.#lastEndedAt = this.#now();
    this.#queue.release(calls);
    if (this.#queuedEvents > 0) this.#sendAfterThisTurn();
  }

  #removeExpired(): void {
    const { oldest } = this.#queue;
    if (oldest === undefined || this.#expiresAt(oldest) > this.#now()) return;
    const waiting = this.#queuedEvents;
    const calls = this.#queue.takeExpired(this.#now() - this.#ports.deadlineMs);
    this.#queuedEvents -= eventsOf(calls);
    this.#ports.onExpired(calls, waiting);
  }

  /** When the next request is sent although none has ended. */
  #stallsAt(): number {
    const { next } = this.#queue;
    if (next === undefined || !this.#hasConnection()) return Infinity;
    return Math.max(next.queuedAt, this.#lastEndedAt) + this.#ports.options.maxDelayMs;
  }

  #expiresAt(call: QueuedCall): number {
    return call.queuedAt + this.#ports.deadlineMs;
  }

  /** While calls wait, one timer runs, for the first of them. */
  #setTimer(): void {
    this.#cancelTimer();
    const { oldest } = this.#queue;
    if (oldest === undefined) return;
    const at = Math.min(this.#expiresAt(oldest), this.#stallsAt());
    this.#cancelTimer = this.#ports.clock.after(at - this.#now(), () => this.#sendReady());
  }

  #now(): number {
    return this.#ports.clock.elapsed();
  }
}

function eventsOf(calls: readonly QueuedCall[]): number {
  return calls.reduce((sum, { size }) => sum + size, 0);
}
