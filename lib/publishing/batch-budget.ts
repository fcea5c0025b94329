import type { PusherLimits } from '../protocol/limits.js';
import { batchJson } from './event-json.js';

/** What the body has besides the entries, and the comma between two of them. */
const FRAME_BYTES = batchJson([]).length;
const COMMA_BYTES = 1;

/** The limits that a batch has to keep. */
export type BatchLimits = Pick<PusherLimits, 'maxEventsPerBatch' | 'maxRequestBytes'>;

/** What is measured: an entry of the body. */
export interface Entry {
  readonly entry: string;
}

/** How much still fits into one batch request. */
export class BatchBudget {
  readonly #limits: BatchLimits;
  #first: Entry | undefined;
  #events = 0;
  #bytes = FRAME_BYTES;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  /**
   * Takes the entry in when there is room, and gives whether it did. The first always fits, and is
   * not measured unless a second comes: most leave alone.
   */
  take(next: Entry): boolean {
    if (this.#first === undefined) {
      this.#first = next;
      this.#events = 1;
      return true;
    }
    if (this.#events >= this.#limits.maxEventsPerBatch) return false;
    if (this.#events === 1) this.#bytes = FRAME_BYTES + bytesOf(this.#first);
    const bytes = this.#bytes + COMMA_BYTES + bytesOf(next);
    if (bytes > this.#limits.maxRequestBytes) return false;
    this.#bytes = bytes;
    this.#events += 1;
    return true;
  }
}

function bytesOf({ entry }: Entry): number {
  return Buffer.byteLength(entry, 'utf8');
}
