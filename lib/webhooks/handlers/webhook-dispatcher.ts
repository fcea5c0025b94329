import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { safeCause } from '../../errors/safe-cause.js';
import { AppRegistry } from '../../options/app-registry.js';
import { quoted } from '../../protocol/checks.js';
import { Clock } from '../../runtime/clock.js';
import { InFlight } from '../../runtime/in-flight.js';
import { nextTurn } from '../../runtime/timers.js';
import { type RunOnce, WebhookDedupe } from '../dedupe/webhook-dedupe.js';
import type { Webhook } from '../webhook.js';
import type { AnyWebhookEvent } from '../webhook-event.js';
import { WebhookHandlerRegistry } from './handler-registry.js';
import type { WebhookHandler } from './webhook-handler.js';

/** The result of dispatching a webhook. */
export interface DispatchReport {
  /** Handlers that have not finished, as `Class.method`, once for each event they have not finished. */
  readonly unfinished: readonly string[];
  /** How long it took, in milliseconds. */
  readonly elapsedMs: number;
}

/** A webhook on its way to the handlers. */
interface Delivery {
  readonly webhook: Webhook;
  /** The known events, then those of unknown names. */
  readonly events: readonly AnyWebhookEvent[];
  readonly request: unknown;
  readonly runOnce: RunOnce;
}

/** For apps without `webhooks.dedupe`. */
const runAlways: RunOnce = async (_index, _handlerId, work) => ((await work()) ? 'done' : 'failed');

/**
 * Calls the methods marked with `@OnPusherWebhook` for the events of a webhook. Handlers run
 * concurrently; each receives the events of one webhook one after another, in their order, those of
 * unknown names last. A failure is logged with handler and event, and does not hide another.
 */
@Injectable()
export class WebhookDispatcher implements OnApplicationShutdown {
  readonly #logger = new LineLogger('PusherWebhook');
  readonly #inFlight = new InFlight();

  constructor(
    private readonly registry: WebhookHandlerRegistry,
    private readonly dedupe: WebhookDedupe,
    private readonly apps: AppRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs the handlers; never rejects. With `webhooks.dedupe` of the app, a handler that has finished
   * an event does not receive it again.
   * @param request what request-scoped providers inject as `REQUEST`
   */
  dispatch(webhook: Webhook, request?: unknown): Promise<DispatchReport> {
    return this.#inFlight.track(this.#run(webhook, request));
  }

  /** Like `dispatch`, but starts after this turn of the event loop, in which the response is sent. */
  dispatchLater(webhook: Webhook, request?: unknown): void {
    void this.#inFlight.track(nextTurn().then(() => this.#run(webhook, request)));
  }

  /** Resolves when all handlers have ended, or after the longest `shutdownTimeoutMs` of the apps. */
  async drain(): Promise<void> {
    const timeoutMs = Math.max(0, ...this.apps.all().map((app) => app.shutdownTimeoutMs));
    const left = await this.#inFlight.drain(timeoutMs, this.clock);
    if (left > 0)
      this.#logger.warn(
        `Webhooks whose handlers were still running after ${timeoutMs} ms: ${left}. Raise shutdownTimeoutMs to wait longer.`,
      );
  }

  /** The server is closed by now; this waits for webhooks that arrived meanwhile. */
  onApplicationShutdown(): Promise<void> {
    return this.drain();
  }

  async #run(webhook: Webhook, request: unknown): Promise<DispatchReport> {
    const start = this.clock.elapsed();
    const events = [...webhook.events, ...webhook.unknownEvents];
    const app = this.apps.find(webhook.app);
    const dedupe = app?.webhooks.dedupe;
    const runOnce = dedupe
      ? this.dedupe.runOnceFor(app, dedupe, webhook.timeMs, events)
      : runAlways;
    const delivery = { webhook, events, request, runOnce };
    const unfinished = await Promise.all(
      this.registry.handlers.map((handler) => this.#deliver(delivery, handler)),
    );
    return { unfinished: unfinished.flat(), elapsedMs: this.clock.elapsed() - start };
  }

  async #deliver(delivery: Delivery, handler: WebhookHandler): Promise<string[]> {
    const { webhook, events, request, runOnce } = delivery;
    const unfinished: string[] = [];
    for (const [index, event] of events.entries()) {
      const params = handler.match(event, webhook.app, index < webhook.events.length);
      if (params === undefined) continue;
      const outcome = await runOnce(index, handler.id, () =>
        handler.call(event, params, webhook, request).then(
          () => true,
          (error: unknown) => {
            this.#logFailure(handler.id, event, error);
            return false;
          },
        ),
      );
      if (outcome === 'elsewhere')
        this.#logger.debug(
          `${handler.id} is already running for ${quoted(event.name)} in another instance.`,
        );
      if (outcome !== 'done') unfinished.push(handler.id);
    }
    return unfinished;
  }

  #logFailure(handlerId: string, event: AnyWebhookEvent, error: unknown): void {
    const on = typeof event.channel === 'string' ? ` on ${quoted(event.channel)}` : '';
    const { message, stack } = safeCause(error);
    this.#logger.error(`${handlerId} failed for ${quoted(event.name)}${on}: ${message}`, stack);
  }
}
