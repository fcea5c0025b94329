import type { Observation } from './observation.js';
import type {
  ConnectionState,
  FrameRecord,
  PublishedEvent,
  ReceivedRequest,
  SentWebhook,
} from './records.js';
import { nextPublished, nextWebhook, subscriptionTo, until } from './waiting.js';
import type { SubscriptionWaitForOptions, WaitForOptions } from './wait-options.js';
import type { WebhookName } from '../webhooks/webhook-event.js';

/** What a test can see of a server, and wait for. */
export abstract class ObservedServer {
  readonly #state: Observation;

  constructor(state: Observation) {
    this.#state = state;
  }

  /** The events that the HTTP API accepted, oldest first. */
  published(): PublishedEvent[] {
    return this.#state.published.all();
  }

  /** The requests that reached the HTTP API, accepted or not, oldest first. */
  requests(): ReceivedRequest[] {
    return this.#state.requests.all();
  }

  /** The webhooks, sent or about to be, oldest first. */
  webhooks(): SentWebhook[] {
    return this.#state.webhooks.all();
  }

  /** What clients and server said to each other, oldest first. */
  frames(): FrameRecord[] {
    return this.#state.frames.all();
  }

  /** The clients that are connected now. */
  connections(): ConnectionState[] {
    return this.#state.connectionStates();
  }

  /**
   * The first published event, past or to come, that fits and that no earlier call has returned.
   * @param fits the name of the event, or a predicate
   * @throws Error after `timeoutMs`, which says what was published instead
   */
  nextPublished(
    fits: string | ((event: PublishedEvent) => boolean) = () => true,
    options: WaitForOptions = {},
  ): Promise<PublishedEvent> {
    return nextPublished(this.#state, fits, options);
  }

  /**
   * The first webhook, past or to come, that fits, that no earlier call has returned, and that the
   * application has answered (or that has nowhere to go).
   * @param fits the name of an event in it, or a predicate
   * @throws Error after `timeoutMs`, which says what webhooks there were instead
   */
  nextWebhook(
    fits: WebhookName | ((webhook: SentWebhook) => boolean) = () => true,
    options: WaitForOptions = {},
  ): Promise<SentWebhook> {
    return nextWebhook(this.#state, fits, options);
  }

  /**
   * The connections on a channel, as soon as there are any.
   * @throws Error after `timeoutMs`, which says who is on which channel
   */
  waitForSubscription(
    channel: string,
    options: SubscriptionWaitForOptions = {},
  ): Promise<ConnectionState[]> {
    return subscriptionTo(this.#state, channel, options);
  }

  /**
   * Resolves when the condition holds. It is looked at again after everything that happens here.
   * @param what completes the sentence "Waited for …" of the error
   * @throws Error after `timeoutMs`
   */
  until(
    condition: () => boolean,
    what = 'a condition',
    options: WaitForOptions = {},
  ): Promise<void> {
    return until(this.#state, condition, what, options);
  }
}
