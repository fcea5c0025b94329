import type { PusherLimits } from '../../protocol/limits.js';
import { hasFields } from '../../protocol/wire.js';
import type { BatchingOptions } from '../batching.options.js';
import type { HttpOptions, TlsOptions } from '../http.options.js';
import { isProxyAddress } from '../proxy.js';
import type { PusherCredentials } from '../pusher-module-options.js';
import type { RetryOptions } from '../retry.options.js';
import type { WebhookDedupeOptions, WebhookOptions, WebhookStore } from '../webhook.options.js';
import { check, flag, group, oneOf, requiredText, wholeNumber } from './rules.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Pusher sends a failed webhook again for five minutes. */
const WEBHOOK_RETRIES_MS = 300_000;
const KIB = 2 ** 10;
const GIB = 2 ** 30;

export class LimitsDto implements Partial<PusherLimits> {
  @wholeNumber('number of channels', 1, 100_000) maxChannelsPerTrigger?: number;
  @wholeNumber('number of events', 1, 100_000) maxEventsPerBatch?: number;
  @wholeNumber('number of characters', 1, 10_000) maxChannelNameLength?: number;
  @wholeNumber('number of characters', 1, 10_000) maxEventNameLength?: number;
  @wholeNumber('number of bytes', 1, GIB) maxDataBytes?: number;
  @wholeNumber('number of bytes', 1, GIB) maxRequestBytes?: number;
  @wholeNumber('number of characters', 1, 10_000) maxUserIdLength?: number;
  @wholeNumber('number of bytes', 1, GIB) maxUserDataBytes?: number;
}

export class RetryDto implements RetryOptions {
  @wholeNumber('number of attempts', 1, 100) maxAttempts?: number;
  @wholeNumber('number of milliseconds', 0, HOUR_MS) baseDelayMs?: number;
  @wholeNumber('number of milliseconds', 0, HOUR_MS) maxDelayMs?: number;
  @wholeNumber('number of milliseconds', 1, HOUR_MS) deadlineMs?: number;
  @flag() retryUnanswered?: boolean;
}

export class BatchingDto implements BatchingOptions {
  @wholeNumber('number of requests', 1, 10_000) maxInFlight?: number;
  @wholeNumber('number of milliseconds', 0, HOUR_MS) maxDelayMs?: number;
  @wholeNumber('number of events', 1, 100_000_000) maxQueued?: number;
  @oneOf(['wait', 'reject']) whenFull?: 'wait' | 'reject';
}

export class DedupeDto implements WebhookDedupeOptions {
  @check('must be a store with get and set, such as a Keyv instance', isStore) store?: WebhookStore;
  @wholeNumber('number of milliseconds', WEBHOOK_RETRIES_MS, 30 * DAY_MS) ttlMs?: number;
}

export class WebhooksDto implements WebhookOptions {
  @wholeNumber('number of milliseconds', WEBHOOK_RETRIES_MS, DAY_MS) toleranceMs?: number;
  @group('a switch too') dedupe?: DedupeDto | boolean;
}

export class CredentialsDto implements PusherCredentials {
  @requiredText('the key that was replaced') key!: string;
  @requiredText('the secret that was replaced') secret!: string;
}

export class HttpDto implements HttpOptions {
  @wholeNumber('number of connections', 1, 100_000) maxConnections?: number;
  @wholeNumber('number of milliseconds', 1, HOUR_MS) keepAliveTimeoutMs?: number;
  @check('must be false, or an address such as http://proxy.example:3128', isProxy)
  proxy?: string | false;
  @check('must be an object such as { ca: readFileSync("ca.pem") }', hasFields) tls?: TlsOptions;
  @check('must map header names to texts without line breaks', areHeaders)
  headers?: Record<string, string>;
  @wholeNumber('number of bytes', KIB, GIB) maxResponseBytes?: number;
  @check('must be an object, as axios.create() takes it', hasFields) axios?: HttpOptions['axios'];
}

function isStore(value: unknown): boolean {
  const { get, set } = Object(value) as Partial<WebhookStore>;
  return typeof get === 'function' && typeof set === 'function';
}

function isProxy(value: unknown): boolean {
  return value === false || (typeof value === 'string' && isProxyAddress(value));
}

function areHeaders(value: unknown): boolean {
  return (
    hasFields(value) &&
    Object.entries(value).every(
      ([name, text]: [string, unknown]) =>
        /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) &&
        typeof text === 'string' &&
        /^[\t\x20-\x7e\x80-\xff]*$/.test(text),
    )
  );
}
