/** What has become of the events and requests of an app since it started. */
export interface PusherMetrics {
  /** Events that the server has accepted. */
  sent: number;
  /** Events whose publishing has failed, and declared events that could not be made or were not valid. */
  failed: number;
  /** Requests that were sent again. */
  retried: number;
  /** Events that were sent in one request with others by `batching`. */
  batched: number;
  /** Events that wait to be sent. */
  queued: number;
  /** Requests in flight, queries included. */
  inFlight: number;
  /** Emitted events that are held by work that has not ended. */
  held: number;
}
