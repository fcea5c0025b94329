import { createHmac } from 'node:crypto';
import { argumentShape, readArgument } from '../protocol/arguments.js';

/** An event of a webhook. The known fields may have the names of the library or those of the wire. */
export interface WebhookEventInput {
  /** Name of the event, such as `member_added`. */
  name: string;
  /** The channel of the event. */
  channel?: string | undefined;
  /** `user_id` on the wire. */
  userId?: string | undefined;
  /** `socket_id` on the wire. */
  socketId?: string | undefined;
  /** `subscription_count` on the wire. */
  subscriptionCount?: number | undefined;
  [field: string]: unknown;
}

/** A webhook as Pusher would send it. */
export interface SignedWebhook {
  /** Key, signature and content type, names in lower case. */
  headers: Record<string, string>;
  /** Send exactly this string: the signature is that of its bytes. */
  body: string;
}

const ON_THE_WIRE: ReadonlyMap<string, string> = new Map([
  ['userId', 'user_id'],
  ['socketId', 'socket_id'],
  ['subscriptionCount', 'subscription_count'],
]);

const WEBHOOK = argumentShape(
  'field',
  "{ events: [{ name: 'channel_occupied', channel: 'news' }] }",
  ['events', 'timeMs'],
  { event: 'events', time: 'timeMs' },
);

/**
 * Makes a signed webhook to post to an application.
 * @param webhook its events, and `timeMs`, the time of creation in milliseconds since 1970, by default now
 * @param credentials a key and its secret; the options of a module or `server.options` have both
 */
export function signWebhook(
  webhook: { events: readonly WebhookEventInput[]; timeMs?: number | undefined },
  credentials: { key: string; secret: string },
): SignedWebhook {
  const { events, timeMs = Date.now() } = readArgument(webhook, 'webhook', WEBHOOK);
  if (typeof credentials?.key !== 'string' || typeof credentials.secret !== 'string')
    throw new TypeError(
      '`credentials` must have the `key` and the `secret` of an app; server.options has both.',
    );
  const body = JSON.stringify({ time_ms: timeMs, events: events.map(wireNames) });
  return {
    headers: {
      'content-type': 'application/json',
      'x-pusher-key': credentials.key,
      'x-pusher-signature': createHmac('sha256', credentials.secret).update(body).digest('hex'),
    },
    body,
  };
}

function wireNames(event: WebhookEventInput): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([field, value]) => [ON_THE_WIRE.get(field) ?? field, value]),
  );
}
