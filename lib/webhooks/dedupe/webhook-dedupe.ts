import { Injectable } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { safeCause } from '../../errors/safe-cause.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { Clock } from '../../runtime/clock.js';
import type { AnyWebhookEvent } from '../webhook-event.js';
import { eventIdentities } from './event-identity.js';
import { MemoryLedger, SharedLedger, type WebhookLedger, type WorkOutcome } from './ledger.js';
import { TimedWebhookStore } from './timed-store.js';

type Dedupe = NonNullable<PusherOptions['webhooks']['dedupe']>;

/**
 * Runs the work of a handler on one event, unless it has finished before.
 * @param index place of the event in its webhook
 * @param work resolves with whether it has finished, and never rejects
 */
export type RunOnce = (
  index: number,
  handlerId: string,
  work: () => Promise<boolean>,
) => Promise<WorkOutcome>;

/** Skips handlers that have already finished an event when it is delivered again. */
@Injectable()
export class WebhookDedupe {
  readonly #logger = new LineLogger('PusherWebhook');
  readonly #ledgers = new Map<string, WebhookLedger>();

  constructor(private readonly clock: Clock) {}

  /** For the handlers of one webhook of the app, with its `webhooks.dedupe`. */
  runOnceFor(
    { name, appId }: PusherOptions,
    dedupe: Dedupe,
    timeMs: number,
    events: readonly AnyWebhookEvent[],
  ): RunOnce {
    const ledger = this.#ledgerOf(name, dedupe);
    const identities = eventIdentities(`${name}/${appId}`, timeMs, events);
    return (index, handlerId, work) =>
      ledger.once(`pusher-webhook:${identities[index]}:${handlerId}`, work);
  }

  #ledgerOf(name: string, { store, ttlMs }: Dedupe): WebhookLedger {
    let ledger = this.#ledgers.get(name);
    if (ledger === undefined) {
      ledger = store
        ? new SharedLedger(new TimedWebhookStore(store, this.clock), ttlMs, (error) =>
            this.#reportFault(error),
          )
        : new MemoryLedger(ttlMs, this.clock);
      this.#ledgers.set(name, ledger);
    }
    return ledger;
  }

  #reportFault(error: unknown): void {
    this.#logger.warn(
      `The store of finished webhook events failed (${safeCause(error).message}). Handlers still run, but may receive an event twice.`,
    );
  }
}
