import type { Optional } from './given-options.js';
import { HOUR_MS, oneOf, wholeNumber } from './validation/rules.js';

/** The options of `batching`, with defaults and rules. */
export class BatchingSettings {
  /**
   * `'none'`: requests are sent side by side, so triggers that are not awaited one after another may
   * arrive in another order. `'channel'`: each channel has at most one request in flight, so its events
   * arrive in the order of the triggers. That limits a channel to one full request per round trip: with
   * 10 events per request, 500 events a second to a server 20 ms away, and 100 at 100 ms. With either,
   * triggers that are awaited one after another and the events of one `triggerBatch` keep their order.
   * @default 'none'
   */
  @oneOf(['none', 'channel'])
  order: 'none' | 'channel' = 'none';

  /**
   * Requests in flight up to which one is sent that is not full. Full ones are sent beyond that, up to
   * `http.maxConnections`. @default 16
   */
  @wholeNumber('requests', 1, 10_000)
  maxInFlight = 16;

  /**
   * Longest time that an event waits for any request to finish, in milliseconds; after that it is sent
   * although its request is not full. @default 1000
   */
  @wholeNumber('milliseconds', 0, HOUR_MS)
  maxDelayMs = 1000;

  /** Longest queue, in events. @default 10000 */
  @wholeNumber('events', 1, 100_000_000)
  maxQueued = 10_000;

  /**
   * What happens to a trigger when the queue is full: with `'wait'` it waits as well, for
   * `retry.deadlineMs` at most; with `'reject'` it rejects. @default 'wait'
   */
  @oneOf(['wait', 'reject'])
  whenFull: 'wait' | 'reject' = 'wait';
}

/** How events that are triggered at the same time are combined into batches. */
export interface BatchingOptions extends Optional<BatchingSettings> {}
