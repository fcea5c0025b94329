import type { WebhookStore } from '../../options/webhook.options.js';
import type { Clock } from '../../runtime/clock.js';

/** Entries at most; the oldest go first. A burst must not take the memory of the process. */
const MAX_ENTRIES = 100_000;

/** Remembers finished events in this process. */
export class MemoryWebhookStore implements WebhookStore {
  /** Oldest first: an entry that is set again moves to the end. */
  readonly #entries = new Map<string, { value: unknown; untilMs: number }>();

  constructor(private readonly clock: Clock) {}

  get(key: string): Promise<unknown> {
    const entry = this.#entries.get(key);
    return Promise.resolve(
      entry !== undefined && entry.untilMs > this.clock.elapsed() ? entry.value : undefined,
    );
  }

  set(key: string, value: unknown, ttlMs = Infinity): Promise<unknown> {
    this.#entries.delete(key);
    this.#dropOld();
    this.#entries.set(key, { value, untilMs: this.clock.elapsed() + ttlMs });
    return Promise.resolve();
  }

  #dropOld(): void {
    const now = this.clock.elapsed();
    for (const [key, { untilMs }] of this.#entries) {
      if (untilMs > now && this.#entries.size < MAX_ENTRIES) return;
      this.#entries.delete(key);
    }
  }
}
