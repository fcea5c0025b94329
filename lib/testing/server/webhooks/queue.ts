import type { AppSettings } from '../options.js';
import type { ServerContext } from '../server-context.js';
import { deliver } from './delivery.js';
import type { WireWebhookEvent } from './event.js';

/** Decides when the application is notified of what happened: at once, after a delay, or in a batch. */
export class WebhookQueue {
  /** Departures that are held back: what they are about, and what cancels them. */
  readonly #departures = new Map<string, () => void>();
  #batch: WireWebhookEvent[] = [];
  readonly #stopped = new AbortController();
  /** Webhooks leave one after the other, so that tests see them in order. */
  #last: Promise<void> = Promise.resolve();
  /** Time of the webhook before, in milliseconds since 1970. */
  #lastMs = 0;

  constructor(
    private readonly app: AppSettings,
    private readonly server: ServerContext,
  ) {}

  /** A channel became occupied, or a member came. Cancels a departure that is still held back. */
  addArrival(event: WireWebhookEvent): void {
    const cancel = this.#departures.get(subjectOf(event));
    if (!cancel) return this.add(event);
    this.#departures.delete(subjectOf(event));
    cancel();
  }

  /** A channel became vacant, or a member left. */
  addDeparture(event: WireWebhookEvent): void {
    const { absenceDelayMs } = this.server.settings.webhooks;
    if (absenceDelayMs === 0) return this.add(event);
    const subject = subjectOf(event);
    const depart = () => {
      this.#departures.delete(subject);
      this.add(event);
    };
    this.#departures.set(subject, this.server.timers.after(absenceDelayMs, depart));
  }

  add(event: WireWebhookEvent): void {
    const wanted: readonly string[] = this.app.webhookEvents;
    if (!wanted.includes(event.name)) return;
    const { batchWindowMs } = this.server.settings.webhooks;
    this.#batch.push(event);
    if (batchWindowMs === false) this.#send();
    else if (this.#batch.length === 1) this.server.timers.after(batchWindowMs, () => this.#send());
  }

  stop(): void {
    this.#stopped.abort();
  }

  #send(): void {
    const events = this.#batch;
    this.#batch = [];
    // Each has a time of its own. Webhooks with equal bytes look like one sent twice.
    this.#lastMs = Math.max(this.server.timers.now(), this.#lastMs + 1);
    const content = { events, timeMs: this.#lastMs };
    this.#last = deliver(this.app, this.server, content, this.#last, this.#stopped.signal);
  }
}

function subjectOf({ channel, user_id: userId }: WireWebhookEvent): string {
  return JSON.stringify([channel, userId]);
}
