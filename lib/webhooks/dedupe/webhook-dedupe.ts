import { Injectable } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { safeCause } from '../../errors/safe-cause.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { Clock } from '../../runtime/clock.js';
import { WarningLimiter } from '../../runtime/warning-limiter.js';
import { idOf } from '../receive/webhook-id.js';
import type { Webhook } from '../webhook.js';
import { Claims } from './claims.js';
import { type HandlerWork, MemoryLedger, type WebhookLedger, type WorkReport } from './ledger.js';
import { SharedLedger } from './shared-ledger.js';
import { TimedWebhookStore } from './timed-store.js';

type Dedupe = NonNullable<PusherOptions['webhooks']['dedupe']>;

/** Runs a handler on those events of a webhook that it has not finished before. */
export type RunUnfinished = (
  handlerId: string,
  work: Omit<HandlerWork, 'key'>,
) => Promise<WorkReport>;

/** Skips handlers that have already finished an event when its webhook is delivered again. */
@Injectable()
export class WebhookDedupe {
  readonly #logger = new LineLogger('PusherWebhook');
  readonly #ledgers = new Map<string, WebhookLedger>();
  readonly #faults: WarningLimiter;

  constructor(private readonly clock: Clock) {
    this.#faults = new WarningLimiter(clock);
  }

  /** For the handlers of one webhook; `undefined` where a second delivery is not recognized. */
  runnerFor(app: PusherOptions, webhook: Webhook): RunUnfinished | undefined {
    const { dedupe } = app.webhooks;
    const id = idOf(webhook);
    if (dedupe === undefined || id === undefined) return undefined;
    const ledger = this.#ledgerOf(app.name, dedupe);
    return (handlerId, work) => ledger.run({ ...work, key: `pusher-webhook:${id}:${handlerId}` });
  }

  #ledgerOf(name: string, { store, ttlMs }: Dedupe): WebhookLedger {
    let ledger = this.#ledgers.get(name);
    if (ledger === undefined) {
      ledger = store
        ? new SharedLedger(
            new Claims(new TimedWebhookStore(store, this.clock), ttlMs, (error) =>
              this.#reportFault(error),
            ),
            ttlMs,
            this.clock,
          )
        : new MemoryLedger(ttlMs, this.clock);
      this.#ledgers.set(name, ledger);
    }
    return ledger;
  }

  #reportFault(error: unknown): void {
    const count = this.#faults.next('store');
    if (count > 0)
      this.#logger.warn(
        `The store of finished webhook events failed${count > 1 ? ` ${count} times in the last minute` : ''} (${safeCause(error).message}). Meanwhile this process remembers what it has finished, but other instances may run the same handlers again.`,
      );
  }
}
