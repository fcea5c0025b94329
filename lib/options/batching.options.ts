import type { Optional } from './with-defaults.js';
import { HOUR_MS, oneOf, wholeNumber } from './validation/rules.js';

/** The options of `batching`, with defaults and rules. */
export class BatchingSettings {
  /** Requests in flight before events are queued. @default 8 */
  @wholeNumber('requests', 1, 10_000)
  maxInFlight = 8;

  /**
   * Longest time that an event waits for a request to finish, in milliseconds; after that it is sent
   * anyway. An event never overtakes another of its channel. @default 1000
   */
  @wholeNumber('milliseconds', 0, HOUR_MS)
  maxDelayMs = 1000;

  /** Longest queue, in events. @default 10000 */
  @wholeNumber('events', 1, 100_000_000)
  maxQueued = 10_000;

  /** Whether a trigger waits for space when the queue is full, or rejects. @default 'wait' */
  @oneOf(['wait', 'reject'])
  whenFull: 'wait' | 'reject' = 'wait';
}

/** How events are combined into batches while many requests are in flight. */
export interface BatchingOptions extends Optional<BatchingSettings> {}
