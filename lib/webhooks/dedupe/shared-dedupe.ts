import type { Clock } from '../../runtime/clock.js';
import { CLAIM_MS, type Claims } from './claims.js';
import { type Claim, nothingToDo, WebhookDedupe } from './webhook-dedupe.js';
import { type Progress, ProgressMemory } from './progress.js';

/** How often a claim is renewed while its work is running, in milliseconds. */
const RENEW_MS = CLAIM_MS / 3;

/**
 * Remembers finished work in a store that several instances share. An instance claims work before it
 * runs it: exactly one succeeds if the store has `setIfAbsent`; otherwise the claim is written and
 * read back, and two can succeed at the same moment. While the store fails, work runs on the memory
 * of this process.
 */
export class SharedDedupe extends WebhookDedupe {
  readonly #memory: ProgressMemory;

  /** @param ttlMs how long finished work is remembered in this process, in milliseconds */
  constructor(
    private readonly claims: Claims,
    ttlMs: number,
    private readonly clock: Clock,
  ) {
    super();
    this.#memory = new ProgressMemory(ttlMs, clock);
  }

  protected async claim(key: string, positions: readonly number[]): Promise<Claim | undefined> {
    const progress = this.#memory.get(key);
    if (progress.hasAll(positions)) return nothingToDo(progress);
    const heldUntil = this.clock.elapsed() + CLAIM_MS;
    const holder = await this.claims.take(key);
    if (holder === 'other') return undefined;
    if (holder === 'complete') {
      progress.add(...positions);
      this.#memory.set(key, progress);
      return nothingToDo(progress);
    }
    if (holder === 'this' && positions.length > 1)
      progress.merge(await this.claims.progressOf(key));
    const parts = { key, progress, memory: this.#memory, claims: this.claims, clock: this.clock };
    return new RunningClaim(parts, holder === 'this' ? heldUntil : undefined);
  }
}

interface RunningClaimParts {
  readonly key: string;
  readonly progress: Progress;
  readonly memory: ProgressMemory;
  readonly claims: Claims;
  readonly clock: Clock;
}

/** A claim whose work is running. Renewed until the end, if it is in the store. */
class RunningClaim implements Claim {
  readonly progress: Progress;
  #heldUntil: number | undefined;
  #cancelRenewal: () => void = () => undefined;
  #renewal: Promise<void> | undefined;
  #saving: Promise<void> | undefined;
  #hasUnsaved = false;

  /** @param heldUntil when the claim expires, by the clock; `undefined` when the store does not have it */
  constructor(
    private readonly parts: RunningClaimParts,
    heldUntil: number | undefined,
  ) {
    this.progress = parts.progress;
    this.#heldUntil = heldUntil;
    if (heldUntil !== undefined) this.#renewLater();
  }

  get isHeld(): boolean {
    return this.#heldUntil === undefined || this.parts.clock.elapsed() < this.#heldUntil;
  }

  /** One write at a time: what is finished meanwhile goes into the next one. */
  save(): void {
    if (this.#heldUntil === undefined) return;
    this.#hasUnsaved = true;
    this.#saving ??= this.#saveAll();
  }

  async end(isComplete: boolean): Promise<void> {
    const { key, progress, memory, claims } = this.parts;
    this.#cancelRenewal();
    memory.set(key, progress);
    if (isComplete) this.#hasUnsaved = false;
    await Promise.all([this.#renewal, this.#saving]);
    if (isComplete) await claims.complete(key);
    else if (this.#heldUntil !== undefined && this.isHeld) await claims.release(key);
  }

  async #saveAll(): Promise<void> {
    while (this.#hasUnsaved) {
      this.#hasUnsaved = false;
      await this.parts.claims.saveProgress(this.parts.key, this.progress);
    }
    this.#saving = undefined;
  }

  #renewLater(): void {
    this.#cancelRenewal = this.parts.clock.after(RENEW_MS, () => {
      this.#renewal = this.#renew();
    });
  }

  async #renew(): Promise<void> {
    // An instance that was suspended must not overwrite the claim of the one that took over.
    if (!this.isHeld) return;
    const { key, claims, clock } = this.parts;
    const from = clock.elapsed();
    this.#renewLater();
    if (await claims.renew(key)) this.#heldUntil = from + CLAIM_MS;
  }
}
