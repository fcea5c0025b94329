import { channelSecret, decrypt } from '../../crypto/encryption.js';
import { PusherWebhookError } from '../../errors/pusher-webhook.error.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { isEncryptedChannel } from '../../protocol/names.js';
import { type Fields, fieldsOf } from '../../protocol/json.js';
import type { Secret } from '../../runtime/secret.js';
import type { Webhook } from '../webhook.js';
import type { UnknownWebhookEvent, WebhookEvent } from '../webhook-event.js';
import { checkClientEvent, type ClientEventMisfit } from './check-client-event.js';

/** The content of the body of a webhook. */
export interface WebhookContent {
  readonly webhook: Pick<Webhook, 'timeMs' | 'time' | 'events' | 'unknownEvents'>;
  /** Why some client events are among the unknown events. */
  readonly misfits: readonly ClientEventMisfit[];
  /** What the body was parsed to. */
  readonly json: unknown;
}

type MasterKey = Secret<Uint8Array> | undefined;

/**
 * Reads the body of a webhook. Call it for verified bytes only.
 * @param app decrypts client events of encrypted channels, and checks those that it declares
 * @throws PusherWebhookError PUSHER_WEBHOOK_MALFORMED when it is not a webhook
 */
export function parseWebhook(
  rawBody: Uint8Array | string,
  { masterKey, events: schemas = {} }: Pick<PusherOptions, 'masterKey' | 'events'>,
): WebhookContent {
  const json = parseBody(decode(rawBody));
  const { time_ms: timeMs, events: list } = fieldsOf(json);
  if (typeof timeMs !== 'number') throw malformed('has no time_ms');
  const time = new Date(timeMs);
  if (Number.isNaN(time.getTime())) throw malformed('has a time_ms that is not a valid time');
  if (!Array.isArray(list)) throw malformed('has no list of events');

  const events: WebhookEvent[] = [];
  const unknownEvents: UnknownWebhookEvent[] = [];
  const misfits: ClientEventMisfit[] = [];
  const declaresClientEvents = Object.keys(schemas).some((name) => name.startsWith('client-'));
  for (const entry of list) {
    const fields = fieldsOf(entry);
    const name = fields['name'];
    if (typeof name !== 'string') throw malformed('has an event without a name');
    const event = readEvent(name, fields, masterKey);
    const checked =
      event?.name === 'client_event' && declaresClientEvents
        ? checkClientEvent(event, schemas)
        : event;
    if (checked !== undefined && 'name' in checked) {
      events.push(checked);
      continue;
    }
    dropProto(fields);
    unknownEvents.push({ ...fields, name });
    if (checked !== undefined) misfits.push(checked);
  }
  return { webhook: { timeMs, time, events, unknownEvents }, misfits, json };
}

/** The fault completes the sentence "the body … ". */
export function malformed(fault: string): PusherWebhookError {
  return new PusherWebhookError(
    'PUSHER_WEBHOOK_MALFORMED',
    `The signature of the request is right, but the body ${fault}. Check that the sender sent a complete webhook.`,
  );
}

function decode(rawBody: Uint8Array | string): string {
  if (typeof rawBody === 'string') return rawBody;
  return Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength).toString('utf8');
}

function parseBody(json: string): unknown {
  try {
    // Known events are built field by field; values that are passed on whole are cleaned then.
    return JSON.parse(json) as unknown;
  } catch {
    // The parser's own message quotes the body, so it is not kept.
    throw malformed('is not JSON');
  }
}

/**
 * `JSON.parse` without `__proto__` keys, at any depth. As own properties they are harmless, but the
 * first `Object.assign` of an application would turn them into a prototype.
 */
function parseJson(json: string): unknown {
  const value: unknown = JSON.parse(json);
  // The key can be written as it is, or with any of its ASCII characters escaped.
  if (json.includes('__proto__') || json.includes('\\u00')) dropProto(value);
  return value;
}

/** Keeps a stack of its own: one client can nest its event deeper than the call stack allows. */
function dropProto(value: unknown): void {
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) Reflect.deleteProperty(next, '__proto__');
    for (const inner of Object.values(next)) pending.push(inner);
  }
}

/** Builds a known event field by field; `undefined` for an unknown name or a missing field. */
function readEvent(name: string, fields: Fields, masterKey: MasterKey): WebhookEvent | undefined {
  const channel = fields['channel'];
  if (typeof channel !== 'string') return undefined;
  switch (name) {
    case 'channel_occupied':
    case 'channel_vacated':
    case 'cache_miss':
      return { name, channel };
    case 'member_added':
    case 'member_removed': {
      const userId = readId(fields['user_id']);
      return userId === undefined ? undefined : { name, channel, userId };
    }
    case 'subscription_count': {
      const subscriptionCount = fields['subscription_count'];
      return typeof subscriptionCount === 'number'
        ? { name, channel, subscriptionCount }
        : undefined;
    }
    case 'client_event':
      return readClientEvent(channel, fields, masterKey);
    default:
      return undefined;
  }
}

function readClientEvent(
  channel: string,
  fields: Fields,
  masterKey: MasterKey,
): WebhookEvent | undefined {
  const { event, data: rawData } = fields;
  const socketId = readId(fields['socket_id']);
  const userId = readId(fields['user_id']);
  if (typeof event !== 'string' || socketId === undefined) return undefined;
  if (typeof rawData !== 'string') dropProto(rawData);
  const data = readClientData(channel, rawData, masterKey);
  const name = 'client_event';
  return userId === undefined
    ? { name, channel, event, data, rawData, socketId }
    : { name, channel, event, data, rawData, socketId, userId };
}

/** Ids are strings; some servers send numbers. */
function readId(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The data of a client event: decrypted where it is encrypted, then parsed where it is JSON. */
function readClientData(channel: string, rawData: unknown, masterKey: MasterKey): unknown {
  if (masterKey !== undefined && isEncryptedChannel(channel))
    return decryptClientData(channel, rawData, masterKey);
  return typeof rawData === 'string' ? parseJsonOrString(rawData) : rawData;
}

function decryptClientData(
  channel: string,
  rawData: unknown,
  masterKey: Secret<Uint8Array>,
): unknown {
  try {
    // soketi and sockudo pass on what the client sent, which may be the object itself, and may be
    // nested deeper than JSON.stringify can follow.
    const encrypted = typeof rawData === 'string' ? rawData : JSON.stringify(rawData ?? null);
    return parseJsonOrString(decrypt(encrypted, channelSecret(channel, masterKey)));
  } catch {
    return undefined;
  }
}

/** A string that is not JSON stays the string. */
function parseJsonOrString(value: string): unknown {
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}
