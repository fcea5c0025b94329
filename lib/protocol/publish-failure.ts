/** An emitted event that was not delivered. */
export interface PublishFailure {
  /** Name of the app; `default` for the one without a name. */
  readonly app: string;
  /** Name of the event. */
  readonly event: string;
  /** The channels of the event. */
  readonly channels: readonly string[];
  /** Why: a `PusherRequestError` or a `PusherConnectionError`. */
  readonly error: Error;
}
