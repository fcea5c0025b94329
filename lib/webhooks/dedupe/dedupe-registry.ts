import { Injectable } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { safeCause } from '../../errors/safe-cause.js';
import type { PusherOptions } from '../../options/pusher-options.js';
import { Clock } from '../../runtime/clock.js';
import { WarningLimiter } from '../../runtime/warning-limiter.js';
import { idOf } from '../receive/webhook-id.js';
import type { Webhook } from '../webhook.js';
import { Claims } from './claims.js';
import {
  type HandlerWork,
  MemoryDedupe,
  type WebhookDedupe,
  type WorkReport,
} from './webhook-dedupe.js';
import { SharedDedupe } from './shared-dedupe.js';
import { TimedWebhookStore } from './timed-store.js';

type DedupeOptions = NonNullable<PusherOptions['webhooks']['dedupe']>;

/** Runs a handler on those events of a webhook that it has not finished before. */
export type RunUnfinished = (
  handlerId: string,
  work: Omit<HandlerWork, 'key'>,
) => Promise<WorkReport>;

/**
 * The dedupe of each app: it skips handlers that have finished an event when its webhook is
 * delivered again.
 */
@Injectable()
export class DedupeRegistry {
  readonly #logger = new LineLogger('PusherWebhook');
  readonly #byApp = new Map<string, WebhookDedupe>();
  readonly #faults: WarningLimiter;

  constructor(private readonly clock: Clock) {
    this.#faults = new WarningLimiter(clock);
  }

  /** For the handlers of one webhook; `undefined` where a second delivery is not recognized. */
  runnerFor(app: PusherOptions, webhook: Webhook): RunUnfinished | undefined {
    const { dedupe } = app.webhooks;
    const id = idOf(webhook);
    if (dedupe === undefined || id === undefined) return undefined;
    const ofApp = this.#of(app.name, dedupe);
    return (handlerId, work) => ofApp.run({ ...work, key: `pusher-webhook:${id}:${handlerId}` });
  }

  #of(app: string, options: DedupeOptions): WebhookDedupe {
    let dedupe = this.#byApp.get(app);
    if (dedupe === undefined) {
      dedupe = this.#create(options);
      this.#byApp.set(app, dedupe);
    }
    return dedupe;
  }

  #create({ store, ttlMs }: DedupeOptions): WebhookDedupe {
    if (store === undefined) return new MemoryDedupe(ttlMs, this.clock);
    const timed = new TimedWebhookStore(store, this.clock);
    const claims = new Claims(timed, ttlMs, (error) => this.#reportFault(error));
    return new SharedDedupe(claims, ttlMs, this.clock);
  }

  #reportFault(error: unknown): void {
    const count = this.#faults.next('store');
    if (count > 0)
      this.#logger.warn(
        `The store of finished webhook events failed${count > 1 ? ` ${count} times in the last minute` : ''} (${safeCause(error).message}). Meanwhile this process remembers what it has finished, but other instances may run the same handlers again.`,
      );
  }
}
