import { randomUUID } from 'node:crypto';
import type { WebhookStore } from '../../options/webhook.options.js';

/** How long work that was begun counts as under way elsewhere; a crashed instance blocks it no longer. */
const CLAIM_MS = 60_000;

const DONE = 'done';
const FAILED = 'failed';

/** What became of a piece of work: finished now or before, failed, or under way in another instance. */
export type WorkOutcome = 'done' | 'failed' | 'elsewhere';

/**
 * Has each piece of work done once. The store has no atomic operation, so a claim is written and
 * read back: whoever finds the claim of another one yields. Within this process it is exact.
 */
export class WebhookLedger {
  readonly #underWay = new Map<string, Promise<WorkOutcome>>();

  /** @param onFault told of faults of the store; work goes on without it */
  constructor(
    private readonly store: WebhookStore,
    private readonly ttlMs: number,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /**
   * Does the work unless it is finished, or joins it while it is under way here.
   * @param work resolves with whether it is finished, and never rejects
   */
  once(key: string, work: () => Promise<boolean>): Promise<WorkOutcome> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const begun = this.#begin(key, work).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, begun);
    return begun;
  }

  async #begin(key: string, work: () => Promise<boolean>): Promise<WorkOutcome> {
    const obstacle = await this.#claim(key);
    if (obstacle !== undefined) return obstacle;
    const outcome = (await work()) ? DONE : FAILED;
    await this.#remember(key, outcome, this.ttlMs);
    return outcome;
  }

  async #claim(key: string): Promise<WorkOutcome | undefined> {
    const before = await this.#recall(key);
    if (before === DONE) return DONE;
    if (before !== undefined && before !== FAILED) return 'elsewhere';
    const claim = randomUUID();
    await this.#remember(key, claim, CLAIM_MS);
    const found = await this.#recall(key);
    if (found === undefined || found === claim) return undefined;
    return found === DONE ? DONE : 'elsewhere';
  }

  async #recall(key: string): Promise<unknown> {
    try {
      return (await this.store.get(key)) ?? undefined;
    } catch (error) {
      this.onFault(error);
      return undefined;
    }
  }

  async #remember(key: string, value: string, ttlMs: number): Promise<void> {
    try {
      await this.store.set(key, value, ttlMs);
    } catch (error) {
      this.onFault(error);
    }
  }
}
