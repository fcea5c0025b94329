/** Where finished webhook events are remembered. Every Keyv instance fits. */
export interface WebhookStore {
  /** Gives what was set under the key, `undefined` when nothing was, or its time is over. */
  get(key: string): Promise<unknown>;
  /**
   * Keeps a value under a key, in the place of an earlier one.
   * @param ttlMs how long the entry must be kept, in milliseconds
   */
  set(key: string, value: unknown, ttlMs?: number): Promise<unknown>;
}

/** How repeated deliveries are kept from handlers that have already finished. */
export interface WebhookDedupeOptions {
  /** A store that several instances share. @default the memory of this process */
  store?: WebhookStore;
  /** How long a finished event is remembered, in milliseconds. @default 600000 (Pusher retries for 5 minutes) */
  ttlMs?: number;
}

/** How webhooks are accepted. */
export interface WebhookOptions {
  /**
   * Greatest age, and greatest lead, of a webhook in milliseconds. At least 300 000, because Pusher
   * sends a failed webhook again for five minutes. @default unlimited
   */
  toleranceMs?: number;
  /** Keep repeated deliveries from handlers that have finished. `true` takes the defaults. @default false */
  dedupe?: WebhookDedupeOptions | boolean;
}
