import type { WebhookStore } from '../../options/webhook.options.js';
import type { Clock } from '../../runtime/clock.js';
import { settlesWithin } from '../../runtime/deadline.js';

/** Pusher waits four seconds for a response, and the handlers need most of them. */
const TIMEOUT_MS = 1000;
/** How long a store that timed out is not used: otherwise every event would wait for it. */
const PAUSE_MS = 10_000;

/**
 * A store of the application with a time limit. A store that has lost its server may never settle:
 * many clients hold commands back until they are connected again.
 */
export class TimedWebhookStore implements WebhookStore {
  #pausedUntil = -Infinity;
  readonly setIfAbsent: WebhookStore['setIfAbsent'];
  readonly delete: WebhookStore['delete'];

  constructor(
    private readonly store: WebhookStore,
    private readonly clock: Clock,
  ) {
    if (store.setIfAbsent !== undefined)
      this.setIfAbsent = (key, value, ttlMs) =>
        this.#inTime(async () => await store.setIfAbsent?.(key, value, ttlMs));
    if (store.delete !== undefined)
      this.delete = (key) => this.#inTime(async () => await store.delete?.(key));
  }

  get(key: string): Promise<unknown> {
    return this.#inTime(async () => await this.store.get(key));
  }

  set(key: string, value: unknown, ttlMs?: number): Promise<unknown> {
    return this.#inTime(async () => await this.store.set(key, value, ttlMs));
  }

  async #inTime(operation: () => Promise<unknown>): Promise<unknown> {
    if (this.clock.elapsed() < this.#pausedUntil) throw timeout();
    const result = operation();
    if (await settlesWithin(TIMEOUT_MS, result, this.clock)) return await result;
    this.#pausedUntil = this.clock.elapsed() + PAUSE_MS;
    throw timeout();
  }
}

function timeout(): Error {
  return new Error(`no response within ${TIMEOUT_MS} ms`);
}
