import type { BatchLimits } from './batch-queue.js';
import { batchJson } from '../direct-publisher.js';

/** Bytes of the body without events, and of the comma between two of them. */
const FRAME_BYTES = batchJson([]).length;
const COMMA_BYTES = 1;

/** What is measured: an event as the body contains it. */
export interface BatchedEvent {
  readonly json: string;
}

/** How much still fits into one batch request. */
export class BatchBudget {
  readonly #limits: BatchLimits;
  readonly #first: BatchedEvent;
  #events = 1;
  #bytes = 0;

  /**
   * The first event always fits. It is not measured until there is a second one, because most events
   * are sent alone.
   */
  constructor(limits: BatchLimits, first: BatchedEvent) {
    this.#limits = limits;
    this.#first = first;
  }

  /** Whether no further event fits, whatever its size. */
  get isSpent(): boolean {
    return this.#events >= this.#limits.maxEventsPerBatch;
  }

  /** Adds the event if it fits, and returns whether it did. */
  take(event: BatchedEvent): boolean {
    if (this.isSpent) return false;
    if (this.#bytes === 0) this.#bytes = FRAME_BYTES + bytesOf(this.#first);
    const bytes = this.#bytes + COMMA_BYTES + bytesOf(event);
    if (bytes > this.#limits.maxRequestBytes) return false;
    this.#bytes = bytes;
    this.#events += 1;
    return true;
  }
}

function bytesOf({ json }: BatchedEvent): number {
  return Buffer.byteLength(json, 'utf8');
}
