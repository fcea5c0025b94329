import { createHmac } from 'node:crypto';
import {
  argumentShape,
  checkName,
  invalidArgument,
  isRecord,
  readArgument,
  valueOfType,
  whatWasGiven,
  withoutLeftOut,
} from '../protocol/arguments.js';
import { toJson } from '../protocol/json.js';

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
 * @throws PusherValidationError that names the argument
 */
export function signWebhook(
  webhook: { events: readonly WebhookEventInput[]; timeMs?: number | undefined },
  credentials: { key: string; secret: string },
): SignedWebhook {
  const { events, timeMs = Date.now() } = readArgument(webhook, 'webhook', WEBHOOK);
  if (!Array.isArray(events))
    throw invalidArgument('events', `must be a list of events; ${whatWasGiven(events)}`);
  valueOfType(timeMs, 'timeMs', ['number']);
  const { key, secret } = credentialsIn(credentials);
  const body = toJson({ time_ms: timeMs, events: Array.from(events, wireEvent) }, 'webhook');
  return {
    headers: {
      'content-type': 'application/json',
      'x-pusher-key': key,
      'x-pusher-signature': createHmac('sha256', secret).update(body).digest('hex'),
    },
    body,
  };
}

/** Other parts are ignored, because the options of a module have many. */
function credentialsIn(credentials: unknown): { key: string; secret: string } {
  if (!isRecord(credentials))
    throw invalidArgument(
      'credentials',
      `must have the \`key\` and the \`secret\` of an app; ${whatWasGiven(credentials)}. Pass server.options, which have both`,
    );
  const { key, secret } = credentials as { key?: unknown; secret?: unknown };
  checkName(key, 'credentials.key', 'the key of an app');
  checkName(secret, 'credentials.secret', 'the secret of an app');
  return { key, secret };
}

/** The types of the known fields. */
const FIELDS: Readonly<Record<string, string>> = {
  channel: 'string',
  userId: 'string',
  socketId: 'string',
  subscriptionCount: 'number',
};

/** The event as it is sent. Tests may send any strings; values of a wrong type are mistakes. */
function wireEvent(event: unknown, at: number): Record<string, unknown> {
  const argument = `events[${at}]`;
  if (!isRecord(event))
    throw invalidArgument(
      argument,
      `must be an object such as { name: 'channel_occupied', channel: 'news' }; ${whatWasGiven(event)}`,
    );
  const fields: Record<string, unknown> = withoutLeftOut({ ...event });
  valueOfType(fields['name'], `${argument}.name`, ['string']);
  for (const [field, type] of Object.entries(FIELDS))
    if (Object.hasOwn(fields, field)) valueOfType(fields[field], `${argument}.${field}`, [type]);
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [ON_THE_WIRE.get(field) ?? field, value]),
  );
}
