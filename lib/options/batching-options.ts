/** How triggers are gathered into batches while the line is busy. */
export interface BatchingOptions {
  /** Requests under way at once before events are gathered. @default 8 */
  maxInFlight?: number;
  /**
   * Longest time an event waits for a request to return before it is sent all the same, in
   * milliseconds. @default 1000
   */
  maxDelayMs?: number;
  /** Events that may wait. @default 10000 */
  maxQueued?: number;
  /** What happens to a trigger beyond `maxQueued`: it waits for room, or it is refused. @default 'wait' */
  whenFull?: 'wait' | 'refuse';
}
