import type { WebhookStore } from '../../../lib/options/webhook.options.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { Claims } from '../../../lib/webhooks/dedupe/claims.js';
import { SharedDedupe } from '../../../lib/webhooks/dedupe/shared-dedupe.js';

/** A store with `setIfAbsent`, as Redis has it, in the memory of a test. */
export class AtomicStore implements WebhookStore {
  readonly #entries = new Map<string, { value: unknown; expiresAt: number }>();
  /** How often each operation was called. */
  readonly calls = { get: 0, set: 0, setIfAbsent: 0, delete: 0 };
  /** While it is set, every operation rejects with it. */
  fault: Error | undefined;

  constructor(private readonly clock: ManualClock = new ManualClock()) {}

  async get(key: string): Promise<unknown> {
    this.#count('get');
    return await Promise.resolve(this.#read(key));
  }

  async set(key: string, value: unknown, ttlMs = Infinity): Promise<void> {
    this.#count('set');
    this.#entries.set(key, { value, expiresAt: this.clock.now() + ttlMs });
    await Promise.resolve();
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<unknown> {
    this.#count('setIfAbsent');
    if (this.#read(key) === undefined)
      this.#entries.set(key, { value, expiresAt: this.clock.now() + ttlMs });
    return await Promise.resolve(this.#read(key));
  }

  async delete(key: string): Promise<void> {
    this.#count('delete');
    this.#entries.delete(key);
    await Promise.resolve();
  }

  #count(operation: keyof AtomicStore['calls']): void {
    this.calls[operation] += 1;
    if (this.fault) throw this.fault;
  }

  #read(key: string): unknown {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAt > this.clock.now() ? entry.value : undefined;
  }
}

/** A dedupe over a store, with the errors of the store. */
export function sharedDedupe(
  store: WebhookStore,
  { clock = new ManualClock(), ttlMs = 1000 } = {},
): { dedupe: SharedDedupe; faults: unknown[] } {
  const faults: unknown[] = [];
  const claims = new Claims(store, ttlMs, (error) => faults.push(error));
  return { dedupe: new SharedDedupe(claims, ttlMs, clock), faults };
}
