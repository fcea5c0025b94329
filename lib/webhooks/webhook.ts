import type { UnknownWebhookEvent, WebhookEvent } from './webhook-event.js';

/** A webhook whose signature was checked. There is no other way to get one. */
export interface Webhook {
  /** When the server made it, in milliseconds since 1970. */
  readonly timeMs: number;
  /** The same as a date. */
  readonly time: Date;
  /** Name of the app it came from; `default` for the one without a name. */
  readonly app: string;
  /** Key of the token it was signed with, the current one or a previous one. */
  readonly key: string;
  /** The events in their order. Servers that do not batch send one. */
  readonly events: readonly WebhookEvent[];
  /**
   * What a newer server sends, kept whole, and apart so that `events` narrows by `name`. A known
   * name without the fields that belong to it is here too.
   */
  readonly unknownEvents: readonly UnknownWebhookEvent[];
}

/** Headers as Node, Nest and queues have them, names in any case, or as `fetch` has them. */
export type WebhookHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/** A request that claims to be a webhook. */
export interface WebhookRequest {
  /** `X-Pusher-Key` and `X-Pusher-Signature` are needed; a `Content-Type` must be JSON. */
  readonly headers: WebhookHeaders;
  /** The body as it came over the wire. One that was parsed and serialised again does not verify. */
  readonly rawBody?: Uint8Array | string | undefined;
}
