import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LineLogger } from '../../errors/line-logger.js';
import { isInstance, safeCause } from '../../errors/safe-cause.js';
import { AppRegistry } from '../../options/app-registry.js';
import { DEFAULT_HANDLER_TIMEOUT_MS } from '../../options/given-options.js';
import { quoted } from '../../protocol/names.js';
import { Clock, nextTurn } from '../../runtime/clock.js';
import { InFlight } from '../../runtime/in-flight.js';
import type { WorkReport } from '../dedupe/webhook-dedupe.js';
import { type RunUnfinished, DedupeRegistry } from '../dedupe/dedupe-registry.js';
import type { Webhook } from '../webhook.js';
import type { AnyWebhookEvent } from '../webhook-event.js';
import { WebhookHandlerRegistry } from './handler-registry.js';
import { HandlerTimeout, type TimedCall, TimedCalls } from './timed-calls.js';
import type { Params, WebhookHandler } from './webhook-handler.js';

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
  readonly handlerTimeoutMs: number;
  /** `undefined` where a second delivery is not recognized. */
  readonly runUnfinished: RunUnfinished | undefined;
  /** The event that each handler is working on. */
  readonly current: Map<WebhookHandler, AnyWebhookEvent>;
}

/** How long Pusher waits for a response, in milliseconds (its support article on webhook timeouts). */
const PUSHER_TIMEOUT_MS = 4000;

/**
 * Calls the methods marked with `@OnPusherWebhook` for the events of a webhook. Handlers run
 * concurrently; each receives the events of one webhook one after another, in their order, those of
 * unknown names last. A failure is logged with handler and event, and does not hide another; so is a
 * handler that takes longer than `webhooks.handlerTimeoutMs`, which is then no longer waited for.
 */
@Injectable()
export class WebhookDispatcher implements OnApplicationShutdown {
  readonly #logger = new LineLogger('PusherWebhook');
  readonly #inFlight = new InFlight();

  constructor(
    private readonly registry: WebhookHandlerRegistry,
    private readonly dedupe: DedupeRegistry,
    private readonly apps: AppRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs the handlers; never rejects. With `webhooks.dedupe` of the app, a handler that has finished
   * an event does not receive it again. Handlers that are still running after four seconds, when
   * Pusher no longer waits for a response, are named in a warning.
   * @param request what request-scoped providers inject as `REQUEST`
   */
  dispatch(webhook: Webhook, request?: unknown): Promise<DispatchReport> {
    return this.#inFlight.track(this.#run(webhook, request, PUSHER_TIMEOUT_MS));
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

  /** @param warnAfterMs when handlers that are still running are named in a warning; never without it */
  async #run(webhook: Webhook, request: unknown, warnAfterMs?: number): Promise<DispatchReport> {
    const start = this.clock.elapsed();
    const app = this.apps.find(webhook.app);
    const delivery: Delivery = {
      webhook,
      events: [...webhook.events, ...webhook.unknownEvents],
      request,
      handlerTimeoutMs: app?.webhooks.handlerTimeoutMs ?? DEFAULT_HANDLER_TIMEOUT_MS,
      runUnfinished: app?.webhooks.dedupe && this.dedupe.runnerFor(app, webhook),
      current: new Map(),
    };
    const runs = this.registry.handlers.flatMap(
      (handler) => this.#deliver(delivery, handler) ?? [],
    );
    const cancelWarning =
      runs.length > 0 && warnAfterMs !== undefined
        ? this.clock.after(warnAfterMs, () => this.#warnOfSlow(delivery, warnAfterMs))
        : undefined;
    const unfinished = await Promise.all(runs);
    cancelWarning?.();
    return { unfinished: unfinished.flat(), elapsedMs: this.clock.elapsed() - start };
  }

  /** Has a handler handle its events. `undefined` when it receives none of them. */
  #deliver(delivery: Delivery, handler: WebhookHandler): Promise<string[]> | undefined {
    const { webhook, events } = delivery;
    const params: Params[] = [];
    const positions: number[] = [];
    for (let position = 0; position < events.length; position += 1) {
      const event = events[position] as AnyWebhookEvent;
      const found = handler.match(event, webhook.app, position < webhook.events.length);
      if (found === undefined) continue;
      params[position] = found;
      positions.push(position);
    }
    return positions.length === 0
      ? undefined
      : this.#handleAll(delivery, handler, positions, params);
  }

  /** @param params of the channel, by the position of the event */
  async #handleAll(
    delivery: Delivery,
    handler: WebhookHandler,
    positions: readonly number[],
    params: readonly Params[],
  ): Promise<string[]> {
    const { webhook, events, request, handlerTimeoutMs, runUnfinished, current } = delivery;
    const eventAt = (position: number): AnyWebhookEvent => events[position] as AnyWebhookEvent;
    const call: TimedCall<number> = {
      start: (position, timed) => {
        const event = eventAt(position);
        current.set(handler, event);
        return handler.call(request, event, params[position] as Params, webhook, timed);
      },
      onFailure: (position, error) => this.#logFailure(handler, eventAt(position), error),
    };
    const calls = new TimedCalls(call, handlerTimeoutMs, this.clock);
    const report: WorkReport = runUnfinished
      ? await runUnfinished(handler.id, {
          positions,
          handle: async (position) => (await calls.run([position])).length === 0,
        })
      : { skipped: [], unfinished: await calls.run(positions) };
    calls.end();
    current.delete(handler);
    this.#logRepetition(handler, events, report);
    return report.unfinished.map(() => handler.id);
  }

  #warnOfSlow({ current }: Delivery, afterMs: number): void {
    if (current.size === 0) return;
    const running = [...current].map(([{ id }, event]) => `${id} (${labelOf(event)})`);
    this.#logger.warn(
      `Still running ${afterMs} ms after their webhook arrived: ${running.join(', ')}. Pusher does not wait longer for a response, and will send the webhook again. Make the handlers faster, or respond before they run: PusherWebhookController({ acknowledge: 'before' }).`,
    );
  }

  #logFailure({ id }: WebhookHandler, event: AnyWebhookEvent, error: unknown): void {
    if (isInstance(error, HandlerTimeout)) {
      this.#logger.error(
        `${id} failed for ${labelOf(event)}: ${error.message}. It is not waited for any longer, and its signal has aborted. Make it faster, or raise webhooks.handlerTimeoutMs.`,
      );
      return;
    }
    const { message, stack } = safeCause(error);
    this.#logger.error(`${id} failed for ${labelOf(event)}: ${message}`, stack);
  }

  #logRepetition(
    { id }: WebhookHandler,
    events: readonly AnyWebhookEvent[],
    { skipped, unfinished, running }: WorkReport,
  ): void {
    if (running === 'elsewhere')
      this.#logger.debug(
        `${id} is already running in another instance for the same webhook (${listOf(events, unfinished)}).`,
      );
    else if (running === 'here')
      this.#logger.debug(`${id} was already running for a second delivery of the same webhook.`);
    else if (skipped.length > 0)
      this.#logger.debug(
        `${id} does not receive events of a second delivery that it has finished already: ${listOf(events, skipped)}.`,
      );
  }
}

function labelOf({ name, channel }: AnyWebhookEvent): string {
  return (
    quoted(name) + (typeof channel === 'string' ? ` on ${quoted(channel, SHOWN_CHARACTERS)}` : '')
  );
}

/** How many characters of a channel name, and how many events, the log shows. */
const [SHOWN_CHARACTERS, SHOWN_EVENTS] = [200, 10];

function listOf(events: readonly AnyWebhookEvent[], positions: readonly number[]): string {
  const labels = positions
    .slice(0, SHOWN_EVENTS)
    .map((at) => labelOf(events[at] as AnyWebhookEvent));
  const more = positions.length - labels.length;
  return labels.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
