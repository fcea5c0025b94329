/** How triggers are gathered into batches while the line is busy. */
export interface BatchingOptions {
  /** Requests under way at once before events are gathered. @default 8 */
  maxInFlight?: number;
  /**
   * Longest time that events wait while no request returns, in milliseconds; then they are sent all
   * the same. An event never overtakes one of its own channel. @default 1000
   */
  maxDelayMs?: number;
  /** Events that may wait. @default 10000 */
  maxQueued?: number;
  /** What happens to a trigger beyond `maxQueued`: it waits for room, or it is refused. @default 'wait' */
  whenFull?: 'wait' | 'reject';
}
