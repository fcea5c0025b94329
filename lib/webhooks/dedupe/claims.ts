import { randomUUID } from 'node:crypto';
import type { WebhookStore } from '../../options/webhook.options.js';
import { Progress } from './progress.js';

/** How long a claim counts; after that, an instance that has crashed no longer blocks the work. */
export const CLAIM_MS = 60_000;

/** The value of a key whose work is complete. While the work is running, it is the id of an instance. */
const DONE = 'done';
/** The value where a claim was given up, for a moment, in a store without `delete`. */
const FREE = 'free';

/** How many keys that a failing store has missed are remembered, and how many are written at once. */
const [MAX_MISSED, MISSED_AT_ONCE] = [100_000, 1000];

/** Who has some work: this instance, another one, or nobody any more because it is complete. */
export type Holder = 'this' | 'other' | 'complete';

/** What the instances of an application know of one another's work, in their store. Never rejects. */
export class Claims {
  readonly #instance = randomUUID();
  /** Keys of work that was completed while the store failed. */
  readonly #missed = new Set<string>();

  /**
   * @param ttlMs how long finished work is remembered, in milliseconds
   * @param onFault called with each error of the store
   */
  constructor(
    private readonly store: WebhookStore,
    private readonly ttlMs: number,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Claims the work unless somebody has it. Returns who has it then, `undefined` when the store fails. */
  async take(key: string): Promise<Holder | undefined> {
    const holder = await this.#attempt(() => this.#setIfAbsent(key));
    if (holder === undefined) return undefined;
    void this.#writeMissed();
    if (holder === DONE) return 'complete';
    return holder === this.#instance ? 'this' : 'other';
  }

  /** Holds a claim for another while. Returns whether that has succeeded. */
  renew(key: string): Promise<boolean> {
    return this.#write(key, this.#instance, CLAIM_MS);
  }

  /** Lets others do the work. */
  async release(key: string): Promise<void> {
    if (this.store.delete === undefined) await this.#write(key, FREE, 1);
    else await this.#attempt(async () => await this.store.delete?.(key));
  }

  /** Remembers that the work is complete; if the store fails, as soon as it works again. */
  async complete(key: string): Promise<void> {
    const isWritten = await this.#write(key, DONE, this.ttlMs);
    if (!isWritten && this.#missed.size < MAX_MISSED) this.#missed.add(key);
  }

  /** What others have finished of work that is not complete. */
  async progressOf(key: string): Promise<Progress> {
    return Progress.read(await this.#attempt(() => this.store.get(partOf(key))));
  }

  /** Remembers what is finished of work that is not complete. */
  async saveProgress(key: string, progress: Progress): Promise<void> {
    await this.#write(partOf(key), progress.toString(), this.ttlMs);
  }

  /** In one operation where the store has it. */
  async #setIfAbsent(key: string): Promise<unknown> {
    const { store } = this;
    const instance = this.#instance;
    if (store.setIfAbsent !== undefined)
      return (await store.setIfAbsent(key, instance, CLAIM_MS)) ?? 'expired just now';
    const before = (await store.get(key)) ?? FREE;
    if (before !== FREE && before !== instance) return before;
    await store.set(key, instance, CLAIM_MS);
    return (await store.get(key)) ?? instance;
  }

  async #write(key: string, value: string, ttlMs: number): Promise<boolean> {
    const write = async (): Promise<true> => {
      await this.store.set(key, value, ttlMs);
      return true;
    };
    return (await this.#attempt(write)) !== undefined;
  }

  async #attempt<T>(operation: () => Promise<T>): Promise<T | undefined> {
    try {
      return await operation();
    } catch (error) {
      this.onFault(error);
      return undefined;
    }
  }

  async #writeMissed(): Promise<void> {
    const keys = [...this.#missed].slice(0, MISSED_AT_ONCE);
    for (const key of keys) this.#missed.delete(key);
    await Promise.all(keys.map((key) => this.complete(key)));
  }
}

function partOf(key: string): string {
  return `${key}:part`;
}
