import type { EventSchemas } from '../events/define-events.js';
import { argumentShape, checkArgument, isRecord } from '../protocol/arguments.js';
import type { Bytes } from '../protocol/bytes.js';
import type { UnknownWebhookEvent, WebhookEvent } from './webhook-event.js';

/**
 * A webhook whose signature was checked. There is no other way to get one. With the list of events of
 * the app, `Webhook<typeof events>`, client events have the types of their payloads.
 */
export interface Webhook<Events extends EventSchemas = EventSchemas> {
  /** When the server made it, in milliseconds since 1970. */
  readonly timeMs: number;
  /** The same as a date. */
  readonly time: Date;
  /** Name of the app it came from; `default` for the app without a name. */
  readonly app: string;
  /** Key of the credentials it was signed with, the current or previous ones. */
  readonly key: string;
  /** The events in their order. Servers that do not batch send one. */
  readonly events: readonly WebhookEvent<Events>[];
  /**
   * Events of types that this version does not know, kept whole, and apart from `events` so that
   * those narrow by `name`. An event with a known name but without its fields is here too, and so is
   * a client event that does not fit the list of events of the app.
   */
  readonly unknownEvents: readonly UnknownWebhookEvent[];
}

/** Headers as Node, Nest and queues represent them, names in any case, or those of `fetch`. */
export type WebhookHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/** A request that claims to be a webhook. */
export interface WebhookRequest {
  /** `X-Pusher-Key` and `X-Pusher-Signature` are needed; a `Content-Type` must be JSON. */
  readonly headers: WebhookHeaders;
  /** The body as it came over the wire. One that was parsed and serialized again does not verify. */
  readonly rawBody?: string | Bytes | undefined;
}

const REQUEST = argumentShape(
  'field',
  '{ headers: request.headers, rawBody: request.rawBody }',
  ['headers', 'rawBody'],
  { body: 'rawBody', raw: 'rawBody', payload: 'rawBody', header: 'headers' },
);

/**
 * Checks that an object which was written for one call has no wrong names. Requests of HTTP servers
 * have many other fields, and are left alone.
 * @throws PusherValidationError that names the field, and the one that was probably meant
 */
export function checkWebhookRequest(request: unknown): void {
  const isWritten =
    !isRecord(request) ||
    Object.getPrototypeOf(request) === Object.prototype ||
    Object.getPrototypeOf(request) === null;
  if (isWritten) checkArgument(request, 'request', REQUEST, 'request.');
}
