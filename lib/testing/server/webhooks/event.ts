/** The seven webhooks of the protocol. */
export const WEBHOOK_NAMES = [
  'channel_occupied',
  'channel_vacated',
  'member_added',
  'member_removed',
  'client_event',
  'cache_miss',
  'subscription_count',
] as const;

/** Name of a webhook of the protocol. */
export type WebhookName = (typeof WEBHOOK_NAMES)[number];

/** An event of a webhook, with the field names of the wire. */
export interface WireWebhookEvent {
  /** A `WebhookName`. */
  name: string;
  [field: string]: unknown;
}
