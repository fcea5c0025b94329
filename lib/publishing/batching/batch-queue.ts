import type { PusherLimits } from '../../protocol/limits.js';

/** The server's limits for one batch request. */
export type BatchLimits = Pick<PusherLimits, 'maxEventsPerBatch' | 'maxRequestBytes'>;

/** A call that waits in a queue. */
export interface QueueEntry {
  /** Each channel once. */
  readonly channels: readonly string[];
  /** Whether it can share a request with other entries. Such an entry has exactly one channel. */
  readonly batchable: boolean;
  /** When it was queued, by `elapsed` of the clock. */
  readonly queuedAt: number;
  /** The event as a batch contains it. Only read when the entry is batchable. */
  readonly json: string;
}

/** What waits to be sent, divided into requests. No operation takes longer when more entries wait. */
export interface BatchQueue<T extends QueueEntry> {
  /** The entry that has waited longest. */
  readonly oldest: T | undefined;
  /** The first entry of the next request, if one can be sent. */
  readonly next: T | undefined;
  /** Whether no other entry can join the next request. */
  readonly isFull: boolean;

  add(entry: T): void;

  /** Takes the entries of the next request; none when `next` is `undefined`. */
  take(): readonly T[];

  /** Records that a request with these entries has ended. */
  release(entries: readonly T[]): void;

  /** Takes the entries that were queued at that time or earlier. */
  takeExpired(queuedUntil: number): T[];

  /** Takes all entries. */
  clear(): T[];
}
