import { createHash } from 'node:crypto';
import type { PusherOptions } from '../../options/pusher-options.js';
import type { Webhook, WebhookHeaders } from '../webhook.js';
import { readHeader } from './headers.js';

/** How the `User-Agent` of soketi's webhooks begins (its source, all versions). */
const SOKETI_AGENT = 'SoketiWebhooks';
const PUSHER_ORIGIN = /^https?:\/\/[^/]*\.pusher\.com(?::\d+)?$/;
/** Times below this are seconds, as pusher-fake writes them: in milliseconds it is the year 1973. */
const LEAST_MILLISECONDS = 100_000_000_000;

/** Not a field of the webhook: what applications write as a webhook, in their tests, has none. */
const ids = new WeakMap<Webhook, string>();

/**
 * The same whenever a webhook is delivered again. `undefined` when a second delivery cannot be
 * distinguished from another webhook, and when it was not received here.
 */
export function idOf(webhook: Webhook): string | undefined {
  return ids.get(webhook);
}

/** What a webhook is identified by besides its bytes. */
export interface WebhookOrigin {
  readonly app: PusherOptions;
  readonly headers: WebhookHeaders;
}

/**
 * Remembers what identifies a webhook: what a second delivery has in common with the first, its app
 * and its exact bytes, which contain the time at which the server made it. Not its signature, which
 * changes when the key is rotated between two deliveries.
 */
export function identify(
  webhook: Webhook,
  origin: WebhookOrigin,
  rawBody: Uint8Array | string,
): void {
  if (!sendsAgain(origin, webhook.timeMs)) return;
  const { name, appId } = origin.app;
  const hash = createHash('sha256').update(`${name}/${appId}\n`).update(rawBody);
  ids.set(webhook, hash.digest('base64url'));
}

/**
 * Whether the server sends a webhook again when it received no 2xx. soketi does not, and sends each
 * event in a webhook of its own that is stamped with the current millisecond: a client that
 * subscribes, unsubscribes and subscribes within one leaves two webhooks with equal bytes.
 */
function sendsAgain({ app, headers }: WebhookOrigin, timeMs: number): boolean {
  if (app.server === 'soketi' || timeMs < LEAST_MILLISECONDS) return false;
  // The header is not signed, so it is not believed where soketi cannot be the sender.
  if (app.server !== 'pusher' || PUSHER_ORIGIN.test(app.endpoint.origin)) return true;
  return readHeader(headers, 'user-agent')?.startsWith(SOKETI_AGENT) !== true;
}
