import { Queue } from '../../runtime/queue.js';
import { BatchBudget } from './batch-budget.js';
import type { BatchLimits, BatchQueue, QueueEntry } from './batch-queue.js';

/** The queue of one channel. */
interface ChannelQueue<T> {
  readonly entries: Queue<T>;
  /** Whether a request with events of the channel is in flight. */
  inFlight: boolean;
}

/**
 * Keeps the order within each channel: every channel has a queue, and at most one request in flight.
 * An entry is ready when it is the first in each of its queues and none of its channels has a request
 * in flight. Ready entries are taken in the order in which they became ready.
 */
export class ChannelQueues<T extends QueueEntry> implements BatchQueue<T> {
  readonly #limits: BatchLimits;
  readonly #queues = new Map<string, ChannelQueue<T>>();
  /** All entries, the oldest first. */
  readonly #waiting = new Set<T>();
  /** Those that are ready. Entries that have expired stay until they would be next. */
  readonly #ready = new Queue<T>();
  /** For an entry with several channels: the number of channels that keep it from being ready. */
  readonly #blockedBy = new Map<T, number>();

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get oldest(): T | undefined {
    return this.#waiting.values().next().value;
  }

  get next(): T | undefined {
    let first = this.#ready.peek();
    while (first !== undefined && !this.#waiting.has(first)) {
      this.#ready.shift();
      first = this.#ready.peek();
    }
    return first;
  }

  /** By number of events: their size is not known before they are taken. */
  get isFull(): boolean {
    let events = 0;
    for (const entry of this.#ready) {
      if (!this.#waiting.has(entry)) continue;
      if (!entry.batchable) return true;
      events += this.#queueOf(entry.channels[0]).entries.length;
      if (events >= this.#limits.maxEventsPerBatch) return true;
    }
    return false;
  }

  add(entry: T): void {
    this.#waiting.add(entry);
    let blockedBy = 0;
    for (const channel of entry.channels) {
      const queue = this.#queueOf(channel);
      if (queue.inFlight || !queue.entries.isEmpty) blockedBy += 1;
      queue.entries.push(entry);
    }
    if (blockedBy === 0) this.#ready.push(entry);
    else if (entry.channels.length > 1) this.#blockedBy.set(entry, blockedBy);
  }

  /**
   * Takes the first entry that is ready and, if it is batchable, those that follow as long as they
   * fit. Their channels have a request in flight until they are released.
   */
  take(): readonly T[] {
    const first = this.next;
    if (first === undefined) return [];
    this.#takeReady(first);
    const taken = [first];
    if (!first.batchable) return taken;
    const budget = new BatchBudget(this.#limits, first);
    for (let last = this.#takeAfter(first, budget); last; last = this.#takeAfter(last, budget))
      taken.push(last);
    return taken;
  }

  release(entries: readonly T[]): void {
    for (const channel of new Set(entries.flatMap(({ channels }) => channels))) {
      this.#queueOf(channel).inFlight = false;
      this.#unblockFirstOf(channel);
    }
  }

  takeExpired(queuedUntil: number): T[] {
    const expired: T[] = [];
    for (const entry of this.#waiting) {
      if (entry.queuedAt > queuedUntil) break;
      expired.push(entry);
    }
    for (const entry of expired) this.#remove(entry);
    return expired;
  }

  clear(): T[] {
    const all = [...this.#waiting];
    for (const entry of all) this.#remove(entry);
    return all;
  }

  #queueOf(channel = ''): ChannelQueue<T> {
    let queue = this.#queues.get(channel);
    if (queue === undefined) {
      queue = { entries: new Queue(), inFlight: false };
      this.#queues.set(channel, queue);
    }
    return queue;
  }

  /** Takes the first of the ready entries, which is the first in all its queues. */
  #takeReady(entry: T): void {
    this.#ready.shift();
    this.#waiting.delete(entry);
    for (const channel of entry.channels) {
      const queue = this.#queueOf(channel);
      queue.entries.shift();
      queue.inFlight = true;
    }
  }

  /** Takes the entry that shares the request of `last`: the next of its channel, else the next ready one. */
  #takeAfter(last: T, budget: BatchBudget): T | undefined {
    const queue = this.#queueOf(last.channels[0]);
    const sameChannel = queue.entries.peek();
    if (sameChannel?.batchable) {
      if (!budget.take(sameChannel)) return undefined;
      this.#waiting.delete(sameChannel);
      return queue.entries.shift();
    }
    const next = this.next;
    if (next === undefined || !next.batchable || !budget.take(next)) return undefined;
    this.#takeReady(next);
    return next;
  }

  /** Removes the entry that has waited longest, and which is therefore the first in all its queues. */
  #remove(entry: T): void {
    this.#waiting.delete(entry);
    this.#blockedBy.delete(entry);
    for (const channel of entry.channels) {
      const queue = this.#queueOf(channel);
      queue.entries.shift();
      if (!queue.inFlight) this.#unblockFirstOf(channel);
    }
  }

  /** The channel keeps its first entry from being sent no longer. */
  #unblockFirstOf(channel: string): void {
    const entry = this.#queueOf(channel).entries.peek();
    if (entry === undefined) {
      this.#queues.delete(channel);
      return;
    }
    const blockedBy = (this.#blockedBy.get(entry) ?? 1) - 1;
    if (blockedBy > 0) {
      this.#blockedBy.set(entry, blockedBy);
      return;
    }
    this.#blockedBy.delete(entry);
    this.#ready.push(entry);
  }
}
