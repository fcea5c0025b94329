import type { PusherLimits } from '../protocol/limits.js';
import { batchJson } from './event-json.js';

/** Bytes of the body without events, and of the comma between two of them. */
const FRAME_BYTES = batchJson([]).length;
const COMMA_BYTES = 1;

/** The server's limits for one batch request. */
export type BatchLimits = Pick<PusherLimits, 'maxEventsPerBatch' | 'maxRequestBytes'>;

/** What is measured: an event as the body contains it. */
export interface BatchedEvent {
  readonly json: string;
}

/** How much still fits into one batch request. */
export class BatchBudget {
  readonly #limits: BatchLimits;
  #first: BatchedEvent | undefined;
  #events = 0;
  #bytes = FRAME_BYTES;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  /**
   * Adds the event if it fits, and returns whether it did. The first one always fits. It is not
   * measured until there is a second one, because most events are sent alone.
   */
  take(event: BatchedEvent): boolean {
    if (this.#first === undefined) {
      this.#first = event;
      this.#events = 1;
      return true;
    }
    if (this.#events >= this.#limits.maxEventsPerBatch) return false;
    if (this.#events === 1) this.#bytes = FRAME_BYTES + bytesOf(this.#first);
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
