import { randomUUID } from 'node:crypto';
import type { WebhookStore } from '../../options/webhook.options.js';
import type { Clock } from '../../runtime/clock.js';

/** How a piece of work ended: finished now or earlier, failed, or left to another instance that runs it. */
export type WorkOutcome = 'done' | 'failed' | 'elsewhere';

/**
 * Runs each piece of work until it has finished once, and remembers that for a while. Within this
 * process it is exact; subclasses decide where finished work is remembered.
 */
export abstract class WebhookLedger {
  readonly #inFlight = new Map<string, Promise<WorkOutcome>>();

  /**
   * Runs the work unless it has finished before; joins it when it is already running here.
   * @param work resolves with whether it has finished, and never rejects
   */
  once(key: string, work: () => Promise<boolean>): Promise<WorkOutcome> {
    const running = this.#inFlight.get(key);
    if (running !== undefined) return running;
    const started = this.#run(key, work).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, started);
    return started;
  }

  async #run(key: string, work: () => Promise<boolean>): Promise<WorkOutcome> {
    const obstacle = await this.claim(key);
    if (obstacle !== undefined) return obstacle;
    const outcome = (await work()) ? 'done' : 'failed';
    await this.record(key, outcome);
    return outcome;
  }

  /** Takes the work on, or returns why it must not run here. Never rejects. */
  protected abstract claim(key: string): Promise<'done' | 'elsewhere' | undefined>;

  /** Remembers how the work ended. Never rejects. */
  protected abstract record(key: string, outcome: 'done' | 'failed'): Promise<void>;
}

/** Finished events at most; the oldest are dropped first. A burst must not exhaust the memory. */
const MAX_ENTRIES = 100_000;

/** Remembers finished work in this process. Nothing else runs it, so there is nothing to claim. */
export class MemoryLedger extends WebhookLedger {
  /** When each entry expires; the oldest come first. */
  readonly #finished = new Map<string, number>();

  /** @param ttlMs how long finished work is remembered, in milliseconds */
  constructor(
    private readonly ttlMs: number,
    private readonly clock: Clock,
  ) {
    super();
  }

  protected claim(key: string): Promise<'done' | undefined> {
    const expiresAt = this.#finished.get(key) ?? -Infinity;
    return Promise.resolve(expiresAt > this.clock.elapsed() ? 'done' : undefined);
  }

  protected record(key: string, outcome: 'done' | 'failed'): Promise<void> {
    if (outcome === 'done') {
      this.#dropOld();
      this.#finished.set(key, this.clock.elapsed() + this.ttlMs);
    }
    return Promise.resolve();
  }

  #dropOld(): void {
    const now = this.clock.elapsed();
    for (const [key, expiresAt] of this.#finished) {
      if (expiresAt > now && this.#finished.size < MAX_ENTRIES) return;
      this.#finished.delete(key);
    }
  }
}

/** How long claimed work counts as running elsewhere; after that, a crashed instance no longer blocks it. */
const CLAIM_MS = 60_000;

/**
 * Remembers finished work in a store that several instances share. The store has no atomic
 * operation, so a claim is written and read back: an instance that finds another claim leaves the
 * work alone. A store that fails is reported, and the work runs without it.
 */
export class SharedLedger extends WebhookLedger {
  /**
   * @param ttlMs how long finished work is remembered, in milliseconds
   * @param onFault called with each error of the store
   */
  constructor(
    private readonly store: WebhookStore,
    private readonly ttlMs: number,
    private readonly onFault: (error: unknown) => void,
  ) {
    super();
  }

  protected async claim(key: string): Promise<'done' | 'elsewhere' | undefined> {
    const before = await this.#get(key);
    if (before === 'done') return 'done';
    if (before !== undefined && before !== 'failed') return 'elsewhere';
    const claim = randomUUID();
    await this.#set(key, claim, CLAIM_MS);
    const found = await this.#get(key);
    if (found === undefined || found === claim) return undefined;
    return found === 'done' ? 'done' : 'elsewhere';
  }

  protected record(key: string, outcome: 'done' | 'failed'): Promise<void> {
    return this.#set(key, outcome, this.ttlMs);
  }

  async #get(key: string): Promise<unknown> {
    try {
      return (await this.store.get(key)) ?? undefined;
    } catch (error) {
      this.onFault(error);
      return undefined;
    }
  }

  async #set(key: string, value: string, ttlMs: number): Promise<void> {
    try {
      await this.store.set(key, value, ttlMs);
    } catch (error) {
      this.onFault(error);
    }
  }
}
