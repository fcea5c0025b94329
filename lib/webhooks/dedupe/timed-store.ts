import type { WebhookStore } from '../../options/webhook.options.js';
import type { Clock } from '../../runtime/clock.js';
import { settlesWithin } from '../../runtime/deadline.js';

/** Pusher waits four seconds for an answer, and the handlers need most of them. */
const PATIENCE_MS = 1000;
/** A store that kept somebody waiting is not asked again for that long: every event would wait. */
const REST_MS = 10_000;

/**
 * A store of the application, waited for within limits. One that has lost its server may never
 * answer: many clients keep commands back until they are connected again.
 */
export class TimedWebhookStore implements WebhookStore {
  #restsUntil = -Infinity;

  constructor(
    private readonly store: WebhookStore,
    private readonly clock: Clock,
  ) {}

  get(key: string): Promise<unknown> {
    return this.#inTime(async () => await this.store.get(key));
  }

  set(key: string, value: unknown, ttlMs?: number): Promise<unknown> {
    return this.#inTime(async () => await this.store.set(key, value, ttlMs));
  }

  async #inTime(ask: () => Promise<unknown>): Promise<unknown> {
    if (this.clock.elapsed() < this.#restsUntil) throw late();
    const answer = ask();
    if (await settlesWithin(PATIENCE_MS, answer, this.clock)) return await answer;
    this.#restsUntil = this.clock.elapsed() + REST_MS;
    throw late();
  }
}

function late(): Error {
  return new Error(`no answer within ${PATIENCE_MS} ms`);
}
