import type { LogSink } from '../../errors/line-logger.js';
import { safeCause } from '../../errors/safe-cause.js';
import type { ErrorLocator } from '../../http/error-locator.js';
import type { PublishFailure } from '../../protocol/publish-failure.js';
import type { Clock } from '../../runtime/clock.js';
import { WarningLimiter } from '../../runtime/warning-limiter.js';
import { type EncodedEvent, type EventPublisher, subjectOf } from '../event-publisher.js';
import { type HeldEventTarget, holdEvent } from './held-events.js';
import { isWithinOnFailure, notifyFailure } from './notify-failure.js';

/** What a background publisher is built from. */
export interface BackgroundPorts {
  readonly app: string;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly logger: LogSink;
  readonly locator: ErrorLocator;
  readonly onFailure?: ((failure: PublishFailure) => unknown) | undefined;
}

/**
 * Publishes behind the caller's back. Nobody waits for the result, so a failure is counted, logged and
 * handed to `onFailure`; it never reaches the caller.
 */
export class BackgroundPublisher implements HeldEventTarget {
  readonly #ports: BackgroundPorts;
  /** By the code of the error. */
  readonly #warnings: WarningLimiter;
  #held = 0;
  #failed = 0;
  #isClosing = false;

  constructor(ports: BackgroundPorts) {
    this.#ports = ports;
    this.#warnings = new WarningLimiter(ports.clock);
  }

  /** Events that are held. */
  get held(): number {
    return this.#held;
  }

  /** Events that failed before they could be published. */
  get failed(): number {
    return this.#failed;
  }

  /** Counts an event that failed before it could be published, and whose caller does not learn of it. */
  countFailure(): void {
    this.#failed += 1;
  }

  /**
   * Publishes the event, or holds it while the current work holds events.
   * @throws PusherConnectionError PUSHER_NOT_SENT when that work holds too many
   */
  emit(event: EncodedEvent): void {
    if (!holdEvent(this, event)) this.send(event);
  }

  send(event: EncodedEvent): void {
    this.#ports.publisher.publish(event).then(undefined, (error: unknown) => {
      this.#report(event, error as Error);
    });
  }

  /**
   * Notes that nothing is accepted any more. What `onFailure` emits now fails, and `onFailure` is not
   * called for it: that would never end.
   */
  close(): void {
    this.#isClosing = true;
  }

  countHeld(change: number): void {
    this.#held += change;
  }

  dropLate({ name, channels }: EncodedEvent): void {
    this.#ports.logger.warn(
      `The event ${name} on ${channels.join(', ')} was dropped: it was emitted after the work that holds it had failed. Await everything within @HoldEvents() and holdEvents().`,
    );
  }

  #report(event: EncodedEvent, error: Error): void {
    const { app, logger, onFailure, locator } = this.#ports;
    // Tens of thousands may fail at once: a message is made only for a log that is on.
    const message = (): string =>
      `The event ${event.name} on ${event.channels.join(', ')} was not delivered: ${safeCause(error).message}`;
    if (logger.isDebugEnabled()) logger.debug(message());
    const count = this.#warnings.next((error as { code?: string }).code ?? error.name);
    if (count > 0) logger.warn(message() + othersLike(count - 1));
    if (onFailure === undefined || (this.#isClosing && isWithinOnFailure())) return;
    locator.locate(error, subjectOf(event));
    notifyFailure(onFailure, { app, event: event.name, channels: event.channels, error }, logger);
  }
}

function othersLike(count: number): string {
  return count === 0 ? '' : ` ${count} more had failed in the same way since the last warning.`;
}
