import { Queue } from '../../runtime/queue.js';
import { BatchBudget } from './batch-budget.js';
import type { BatchLimits, BatchQueue, QueueEntry } from './batch-queue.js';

/** The entries of one request that has not been sent. */
class Batch<T extends QueueEntry> {
  readonly entries: T[];
  readonly #budget: BatchBudget | undefined;

  constructor(first: T, limits: BatchLimits) {
    this.entries = [first];
    this.#budget = first.batchable ? new BatchBudget(limits, first) : undefined;
  }

  get isFull(): boolean {
    return this.#budget === undefined || this.#budget.isSpent;
  }

  /** Adds the entry if it fits, and returns whether it did. */
  add(entry: T): boolean {
    if (!entry.batchable || !this.#budget?.take(entry)) return false;
    this.entries.push(entry);
    return true;
  }
}

/** One queue for all channels: entries are sent in the order in which they were added, side by side. */
export class FifoQueue<T extends QueueEntry> implements BatchQueue<T> {
  readonly #limits: BatchLimits;
  readonly #batches = new Queue<Batch<T>>();
  /** The one that takes further entries. */
  #last: Batch<T> | undefined;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get oldest(): T | undefined {
    return this.next;
  }

  get next(): T | undefined {
    return this.#batches.peek()?.entries[0];
  }

  get isFull(): boolean {
    const first = this.#batches.peek();
    return first !== undefined && (first !== this.#last || first.isFull);
  }

  add(entry: T): void {
    if (this.#last?.add(entry)) return;
    this.#last = new Batch(entry, this.#limits);
    this.#batches.push(this.#last);
  }

  take(): readonly T[] {
    const batch = this.#batches.shift();
    if (batch === this.#last) this.#last = undefined;
    return batch?.entries ?? [];
  }

  release(): void {
    // Nothing waits for a particular request.
  }

  takeExpired(queuedUntil: number): T[] {
    const expired: T[] = [];
    for (let batch = this.#batches.peek(); batch; batch = this.#batches.peek()) {
      const index = batch.entries.findIndex(({ queuedAt }) => queuedAt > queuedUntil);
      if (index >= 0) return [...expired, ...batch.entries.splice(0, index)];
      expired.push(...this.take());
    }
    return expired;
  }

  clear(): T[] {
    const all: T[] = [];
    for (let batch = this.take(); batch.length > 0; batch = this.take()) all.push(...batch);
    return all;
  }
}
