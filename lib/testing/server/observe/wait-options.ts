/** How long to wait, in milliseconds of this machine, whatever the server's clock says. */
export interface WaitForOptions {
  /** The wait ends with an error after this time. @default 4000, below the 5 s that most test runners allow */
  timeoutMs?: number;
}

/** Which connections of a channel to wait for. */
export interface SubscriptionWaitForOptions extends WaitForOptions {
  /** How many. @default 1 */
  count?: number;
  /** On which app. @default any */
  appId?: string;
}
