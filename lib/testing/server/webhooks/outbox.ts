import type { App } from '../app.js';
import { deliver } from './delivery.js';
import type { WireWebhookEvent } from './webhook-event.js';

/** Decides when the application hears of what happened: at once, after a delay, or in company. */
export class WebhookOutbox {
  /** Departures that are held back, by what they are about. */
  readonly #departures = new Map<string, () => void>();
  #gathered: WireWebhookEvent[] = [];
  readonly #stopped = new AbortController();
  /** Webhooks leave one after the other, so that tests see them in order. */
  #line: Promise<void> = Promise.resolve();

  constructor(private readonly app: App) {}

  /** A channel became occupied, or a member came. Nothing is said when it had hardly been away. */
  came(event: WireWebhookEvent): void {
    const cancel = this.#departures.get(subjectOf(event));
    if (!cancel) return this.tell(event);
    this.#departures.delete(subjectOf(event));
    cancel();
  }

  /** A channel became vacant, or a member left. */
  left(event: WireWebhookEvent): void {
    const { absenceDelayMs } = this.app.server.settings.webhooks;
    if (absenceDelayMs === 0) return this.tell(event);
    const subject = subjectOf(event);
    const tell = () => {
      this.#departures.delete(subject);
      this.tell(event);
    };
    this.#departures.set(subject, this.app.server.timers.after(absenceDelayMs, tell));
  }

  tell(event: WireWebhookEvent): void {
    if (!this.app.settings.webhookEvents.has(event.name)) return;
    const { batchWindowMs } = this.app.server.settings.webhooks;
    this.#gathered.push(event);
    if (batchWindowMs === false) this.#send();
    else if (this.#gathered.length === 1)
      this.app.server.timers.after(batchWindowMs, () => this.#send());
  }

  stop(): void {
    this.#stopped.abort();
  }

  #send(): void {
    const events = this.#gathered;
    this.#gathered = [];
    this.#line = deliver(this.app, events, this.#line, this.#stopped.signal);
  }
}

function subjectOf({ channel, user_id: userId }: WireWebhookEvent): string {
  return JSON.stringify([channel, userId]);
}
