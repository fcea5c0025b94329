import { Injectable, Logger } from '@nestjs/common';
import { safeCause } from '../../errors/safe-cause.js';
import { AppRegistry } from '../../options/app-registry.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { Clock } from '../../runtime/clock.js';
import type { Webhook } from '../webhook.js';
import type { AnyWebhookEvent } from '../webhook-event.js';
import { eventIdentities } from './event-identity.js';
import { MemoryLedger, SharedLedger, type WebhookLedger, type WorkOutcome } from './ledger.js';
import { TimedWebhookStore } from './timed-store.js';

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

/** Skips handlers that have already finished an event when it is delivered again, for the apps with `webhooks.dedupe`. */
@Injectable()
export class WebhookDedupe {
  readonly #logger = new Logger('PusherWebhook');
  readonly #ledgers = new Map<string, WebhookLedger>();

  constructor(
    private readonly apps: AppRegistry,
    private readonly clock: Clock,
  ) {}

  /** For the handlers of this webhook. Without `dedupe` all work runs. */
  runOnceFor(webhook: Webhook, events: readonly AnyWebhookEvent[]): RunOnce {
    const app = this.apps.find(webhook.app);
    const ledger = app && this.#ledgerOf(app);
    if (app === undefined || ledger === undefined)
      return async (_index, _handlerId, work) => ((await work()) ? 'done' : 'failed');
    const identities = eventIdentities(`${app.name}/${app.appId}`, webhook.timeMs, events);
    return (index, handlerId, work) =>
      ledger.once(`pusher-webhook:${identities[index]}:${handlerId}`, work);
  }

  #ledgerOf({ name, webhooks: { dedupe } }: PusherOptions): WebhookLedger | undefined {
    if (dedupe === undefined) return undefined;
    let ledger = this.#ledgers.get(name);
    if (ledger === undefined) {
      const { store, ttlMs } = dedupe;
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
