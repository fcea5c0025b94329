import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { safeCause } from '../../errors/safe-cause.js';
import { AppRegistry } from '../../options/app-registry.js';
import { Clock } from '../../runtime/clock.js';
import { InFlight } from '../../runtime/in-flight.js';
import type { Webhook } from '../webhook.js';
import { WebhookDedupe, type WorkGate } from '../dedupe/webhook-dedupe.js';
import type { WebhookHandler } from './webhook-handler.js';
import { WebhookHandlers } from './handler-registry.js';

/** What became of a webhook. */
export interface DispatchReport {
  /** Handlers that have not finished, as `Class.method`, once for each event that they owe. */
  readonly unfinished: readonly string[];
  /** How long it took, in milliseconds. */
  readonly elapsedMs: number;
}

/**
 * Gives the events of a webhook to the methods marked with `@OnPusherWebhook`. Handlers run side by
 * side; each gets the events of one webhook one after another, in their order, those of unknown names
 * last. A failure is logged with handler and event, and hides no other.
 */
@Injectable()
export class WebhookDispatcher implements OnApplicationShutdown {
  readonly #logger = new Logger('PusherWebhook');
  readonly #inFlight = new InFlight();

  constructor(
    private readonly handlers: WebhookHandlers,
    private readonly dedupe: WebhookDedupe,
    private readonly apps: AppRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs the handlers; never rejects. With `webhooks.dedupe` of the app, a handler that has finished
   * an event is not given it again.
   * @param request what providers that live as long as a request inject as `REQUEST`
   */
  dispatch(webhook: Webhook, request?: unknown): Promise<DispatchReport> {
    return this.#inFlight.track(this.#run(webhook, request));
  }

  /** As `dispatch`, begun after this turn of the event loop, in which the answer goes out. */
  dispatchLater(webhook: Webhook, request?: unknown): void {
    const begun = new Promise<void>((resolve) => setImmediate(resolve));
    void this.#inFlight.track(begun.then(() => this.#run(webhook, request)));
  }

  /** Resolves when all work is done, or when the longest `shutdownTimeoutMs` of the apps is over. */
  async drain(): Promise<void> {
    const timeoutMs = Math.max(0, ...this.apps.all().map((app) => app.shutdownTimeoutMs));
    const left = await this.#inFlight.drain(timeoutMs, this.clock);
    if (left > 0)
      this.#logger.warn(
        `Webhooks whose handlers were still at work after ${timeoutMs} ms: ${left}. Raise shutdownTimeoutMs to wait longer.`,
      );
  }

  /** The server is closed by now; this waits for what came in meanwhile. */
  onApplicationShutdown(): Promise<void> {
    return this.drain();
  }

  async #run(webhook: Webhook, request: unknown): Promise<DispatchReport> {
    const start = this.clock.elapsed();
    const gate = this.dedupe.gateFor(webhook, eventsOf(webhook));
    const unfinished = await Promise.all(
      this.handlers.all.map((handler) => this.#giveAll(handler, webhook, request, gate)),
    );
    return { unfinished: unfinished.flat(), elapsedMs: this.clock.elapsed() - start };
  }

  async #giveAll(
    handler: WebhookHandler,
    webhook: Webhook,
    request: unknown,
    gate: WorkGate,
  ): Promise<string[]> {
    const unfinished: string[] = [];
    for (const [at, event] of eventsOf(webhook).entries()) {
      const params = handler.match(event, webhook.app, at < webhook.events.length);
      if (params === undefined) continue;
      const outcome = await gate(at, handler.id, () =>
        handler.call(event, params, webhook, request).then(
          () => true,
          (error: unknown) => this.#reportFailure(handler.id, event, error),
        ),
      );
      if (outcome === 'elsewhere')
        this.#logger.debug(`${handler.id} is at work on ${event.name} in another instance.`);
      if (outcome !== 'done') unfinished.push(handler.id);
    }
    return unfinished;
  }

  #reportFailure(handlerId: string, event: { name: string; channel?: unknown }, error: unknown) {
    const on = typeof event.channel === 'string' ? ` on ${event.channel}` : '';
    const { message, stack } = safeCause(error);
    this.#logger.error(`${handlerId} failed for ${event.name}${on}: ${message}`, stack);
    return false;
  }
}

function eventsOf({ events, unknownEvents }: Webhook) {
  return [...events, ...unknownEvents];
}
