import { Injectable, Logger } from '@nestjs/common';
import { safeCause } from '../../errors/safe-cause.js';
import { AppRegistry } from '../../options/app-registry.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { Clock } from '../../runtime/clock.js';
import { eventIdentities } from './event-identity.js';
import { MemoryWebhookStore } from './memory-store.js';
import { TimedWebhookStore } from './timed-store.js';
import type { Webhook } from '../webhook.js';
import type { AnyWebhookEvent } from '../handlers/webhook-handler.js';
import { WebhookLedger, type WorkOutcome } from './ledger.js';

/** Has a handler's work on the event at that place done, or tells that it need not be. */
export type WorkGate = (
  at: number,
  handlerId: string,
  work: () => Promise<boolean>,
) => Promise<WorkOutcome>;

/** Keeps repeated deliveries from handlers that have finished, for the apps that ask for it. */
@Injectable()
export class WebhookDedupe {
  readonly #logger = new Logger('PusherWebhook');
  readonly #ledgers = new Map<string, WebhookLedger>();

  constructor(
    private readonly apps: AppRegistry,
    private readonly clock: Clock,
  ) {}

  /** The gate that the work on these events of the webhook has to pass. */
  gateFor(webhook: Webhook, events: readonly AnyWebhookEvent[]): WorkGate {
    const app = this.apps.find(webhook.app);
    const ledger = app && this.#ledgerOf(app);
    if (app === undefined || ledger === undefined)
      return async (_at, _handlerId, work) => ((await work()) ? 'done' : 'failed');
    const identities = eventIdentities(`${app.name}/${app.appId}`, webhook.timeMs, events);
    return (at, handlerId, work) =>
      ledger.once(`pusher-webhook:${identities[at]}:${handlerId}`, work);
  }

  #ledgerOf({ name, webhooks: { dedupe } }: PusherOptions): WebhookLedger | undefined {
    if (dedupe === undefined) return undefined;
    let ledger = this.#ledgers.get(name);
    if (ledger === undefined) {
      const store = dedupe.store
        ? new TimedWebhookStore(dedupe.store, this.clock)
        : new MemoryWebhookStore(this.clock);
      ledger = new WebhookLedger(store, dedupe.ttlMs, (error) => this.#reportFault(error));
      this.#ledgers.set(name, ledger);
    }
    return ledger;
  }

  #reportFault(error: unknown): void {
    this.#logger.warn(
      `The store of finished webhook events failed (${safeCause(error).message}). Handlers run all the same, and may be given an event twice.`,
    );
  }
}
