import { Queue } from '../runtime/queue.js';

/** Something that waits in the queue of one channel, or in the queues of several. */
export interface QueueEntry {
  /** Each channel once. */
  readonly channels: readonly string[];
  /** Whether it can share a request with other entries. Such an entry has exactly one channel. */
  readonly batchable: boolean;
}

/** The queue of one channel. */
interface ChannelQueue<T> {
  readonly entries: Queue<T>;
  /** Whether a request with events of the channel is in flight. */
  inFlight: boolean;
}

/**
 * Keeps the order within each channel: every channel has a queue, and at most one request in flight.
 * An entry is ready when it is the first in each of its queues and none of its channels has a request
 * in flight. Ready entries are taken in the order in which they became ready. No operation takes
 * longer when more entries wait.
 */
export class ChannelQueues<T extends QueueEntry> {
  readonly #queues = new Map<string, ChannelQueue<T>>();
  readonly #ready = new Queue<T>();
  /** For an entry with several channels: the number of channels that keep it from being ready. */
  readonly #blockedBy = new Map<T, number>();

  /** The entry to send next, if one is ready. */
  get ready(): T | undefined {
    return this.#ready.peek();
  }

  /** Whether the channel has neither an entry that waits nor a request in flight. */
  isIdle(channel: string): boolean {
    return !this.#queues.has(channel);
  }

  /** Records a request in flight on an idle channel, for an event that was never queued. */
  reserve(channel: string): void {
    this.#queueOf(channel).inFlight = true;
  }

  add(entry: T): void {
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
   * Takes the entries of the next request: the first that is ready and, if it is batchable, those
   * that follow as long as `fits` accepts them. Their channels have a request in flight until they
   * are released.
   */
  take(fits: (entry: T) => boolean): T[] {
    const first = this.#ready.shift();
    if (first === undefined) return [];
    this.#dequeue(first);
    const taken = [first];
    let last: T | undefined = first.batchable && fits(first) ? first : undefined;
    while (last !== undefined) {
      last = this.#takeAfter(last, fits);
      if (last !== undefined) taken.push(last);
    }
    return taken;
  }

  /** Records that the request with events of the channel has ended. The next entry there can be sent. */
  release(channel: string): void {
    const queue = this.#queues.get(channel);
    // It may have been released already: one request can contain several entries of a channel.
    if (queue === undefined || !queue.inFlight) return;
    queue.inFlight = false;
    const next = queue.entries.peek();
    if (next === undefined) this.#queues.delete(channel);
    else this.#unblock(next);
  }

  /** Takes all entries, in no particular order. */
  clear(): T[] {
    const all = new Set<T>(this.#ready.drain());
    for (const [channel, queue] of this.#queues) {
      for (const entry of queue.entries.drain()) all.add(entry);
      if (!queue.inFlight) this.#queues.delete(channel);
    }
    this.#blockedBy.clear();
    return [...all];
  }

  #queueOf(channel: string): ChannelQueue<T> {
    let queue = this.#queues.get(channel);
    if (queue === undefined) {
      queue = { entries: new Queue(), inFlight: false };
      this.#queues.set(channel, queue);
    }
    return queue;
  }

  /** Removes the entry from all its queues, in each of which it is the first. */
  #dequeue(entry: T): void {
    for (const channel of entry.channels) {
      const queue = this.#queueOf(channel);
      queue.entries.shift();
      queue.inFlight = true;
    }
  }

  /** Takes the entry that shares the request of `last`: the next of its channel, else the next ready one. */
  #takeAfter(last: T, fits: (entry: T) => boolean): T | undefined {
    const [channel = ''] = last.channels;
    const queue = this.#queueOf(channel);
    const sameChannel = queue.entries.peek();
    if (sameChannel?.batchable) return fits(sameChannel) ? queue.entries.shift() : undefined;
    const next = this.#ready.peek();
    if (next === undefined || !next.batchable || !fits(next)) return undefined;
    this.#ready.shift();
    this.#dequeue(next);
    return next;
  }

  #unblock(entry: T): void {
    const blockedBy = (this.#blockedBy.get(entry) ?? 1) - 1;
    if (blockedBy > 0) {
      this.#blockedBy.set(entry, blockedBy);
      return;
    }
    this.#blockedBy.delete(entry);
    this.#ready.push(entry);
  }
}
