/** An emitted event that was not delivered. */
export interface PublishFailure {
  /** Name of the app; `default` for the one without a name. */
  readonly app: string;
  /** Name of the event. */
  readonly event: string;
  /** The channels of the event; none when the function of a declaration that returns them has failed. */
  readonly channels: readonly string[];
  /**
   * Why: a `PusherRequestError` or a `PusherConnectionError`. For `@TriggerEvent` and `broadcastFrom` also
   * what `emit` throws, or what a function of the declaration has thrown.
   */
  readonly error: Error;
}
