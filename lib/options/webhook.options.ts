import { DEFAULT_HANDLER_TIMEOUT_MS, type Optional } from './given-options.js';
import { HOUR_MS, check, groupOrBoolean, wholeNumber } from './validation/rules.js';

const DAY_MS = 24 * HOUR_MS;
/** Pusher sends a failed webhook again for five minutes. */
const RESENDING_MS = 300_000;

/**
 * Where finished webhook events are recorded. Every Keyv instance is one. With `setIfAbsent`, as
 * `RedisWebhookStore` has it, no event is handled by two instances; without it, two that receive the
 * same webhook at the same moment may both handle it.
 */
export interface WebhookStore {
  /** Returns the value of the key; `undefined` when there is none, or it has expired. */
  get(key: string): Promise<unknown>;
  /**
   * Stores a value under a key, and replaces an earlier one.
   * @param ttlMs how long the entry must be kept, in milliseconds
   */
  set(key: string, value: unknown, ttlMs?: number): Promise<unknown>;
  /**
   * Stores a string under a key that has no value, as one atomic operation, and returns the value
   * that the key has then: the given one, or the one that was there before.
   */
  setIfAbsent?(key: string, value: string, ttlMs: number): Promise<unknown>;
  /** Removes a key. A store with `setIfAbsent` must have it. */
  delete?(key: string): Promise<unknown>;
}

/** The options of `webhooks.dedupe`, with defaults and rules. */
export class WebhookDedupeSettings {
  /** A store that several instances share. @default the memory of this process */
  @check(
    'must be a store with get and set, and delete if it has setIfAbsent, such as a RedisWebhookStore or a Keyv instance',
    isStore,
  )
  store?: WebhookStore;

  /**
   * How long a handled event is recorded, in milliseconds; at least 300000.
   * @default 600000 (twice the time for which Pusher sends a failed webhook again)
   */
  @wholeNumber('milliseconds', RESENDING_MS, 30 * DAY_MS)
  ttlMs = 600_000;
}

/** How handlers are protected from events that they have already handled. */
export interface WebhookDedupeOptions extends Optional<WebhookDedupeSettings> {}

/** The options of `webhooks`, with defaults and rules. */
export class WebhookSettings {
  /**
   * How far the time of a webhook may be in the past or in the future, in milliseconds. At least
   * 300000, because Pusher sends a failed webhook again for five minutes. @default unlimited
   */
  @wholeNumber('milliseconds', RESENDING_MS, DAY_MS)
  toleranceMs?: number;

  /**
   * How long a handler marked with `@OnPusherWebhook` may take for one event, in milliseconds. After
   * that its signal aborts, the event counts as failed, and the handler receives the next one. A
   * webhook that is delivered again starts the handler anew.
   * @default 30000
   */
  @wholeNumber('milliseconds', 1, HOUR_MS)
  handlerTimeoutMs = DEFAULT_HANDLER_TIMEOUT_MS;

  /**
   * Do not run a handler again for an event that it has already handled. `true` uses the defaults.
   * @default false
   */
  @groupOrBoolean(WebhookDedupeSettings)
  dedupe: WebhookDedupeOptions | boolean = false;
}

/** How webhooks are accepted. */
export interface WebhookOptions extends Optional<WebhookSettings> {}

function isStore(value: unknown): boolean {
  const { get, set, setIfAbsent, delete: remove } = Object(value) as Partial<WebhookStore>;
  const mayClaim = setIfAbsent === undefined || typeof remove === 'function';
  return typeof get === 'function' && typeof set === 'function' && mayClaim;
}
