import { PusherWebhookError } from '../../errors/pusher-webhook.error.js';
import { fieldsOf } from '../../protocol/wire.js';
import { parseJson } from './parse-json.js';
import { type ClientDataReader, readEvent } from './read-event.js';
import type { Webhook } from '../webhook.js';
import type { UnknownWebhookEvent, WebhookEvent } from '../webhook-event.js';

/** What the body of a webhook says. */
export type WebhookContent = Pick<Webhook, 'timeMs' | 'time' | 'events' | 'unknownEvents'>;

/**
 * Reads the body of a webhook. Call it for verified bytes only.
 * @throws PusherWebhookError PUSHER_WEBHOOK_MALFORMED when it is not a webhook
 */
export function parseWebhook(
  rawBody: Uint8Array | string,
  readData: ClientDataReader,
): WebhookContent {
  const { time_ms: timeMs, events: list } = fieldsOf(parseBody(textOf(rawBody)));
  if (typeof timeMs !== 'number') throw malformed('has no time_ms');
  const time = new Date(timeMs);
  if (Number.isNaN(time.getTime())) throw malformed('has a time_ms that is no time');
  if (!Array.isArray(list)) throw malformed('has no list of events');

  const events: WebhookEvent[] = [];
  const unknownEvents: UnknownWebhookEvent[] = [];
  for (const entry of list) {
    const fields = fieldsOf(entry);
    const name = fields['name'];
    if (typeof name !== 'string') throw malformed('has an event without a name');
    const event = readEvent(name, fields, readData);
    if (event === undefined) unknownEvents.push({ ...fields, name });
    else events.push(event);
  }
  return { timeMs, time, events, unknownEvents };
}

/** The fault completes the sentence "the body … ". */
export function malformed(fault: string): PusherWebhookError {
  return new PusherWebhookError(
    'PUSHER_WEBHOOK_MALFORMED',
    `The signature of the request is right, but the body ${fault}. Check that a webhook was signed, and all of it.`,
  );
}

function textOf(rawBody: Uint8Array | string): string {
  if (typeof rawBody === 'string') return rawBody;
  return Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength).toString('utf8');
}

function parseBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // The parser's own message quotes the body, so it is not kept.
    throw malformed('is not JSON');
  }
}
