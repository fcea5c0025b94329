import type { LineLogger } from './errors/line-logger.js';
import type { ApiClient } from './http/api-client.js';
import type { BatchingPublisher } from './publishing/batching/batching-publisher.js';
import type { Clock } from './runtime/clock.js';

/** What one app still has to finish when the application ends. */
export interface ShutdownParts {
  readonly batching: BatchingPublisher | undefined;
  readonly api: ApiClient;
  /** How long queued events and requests may take together, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: LineLogger;
}

/**
 * Sends what is queued and waits for the requests in flight, within the time; what is left fails, and
 * is counted in an error line. Webhook handlers that are running are awaited by their dispatcher.
 */
export async function shutDown(parts: ShutdownParts): Promise<void> {
  const { batching, api, timeoutMs, clock, logger } = parts;
  const startedAt = clock.elapsed();
  const events = await batching?.close(timeoutMs);
  // What has no response by now gets none: the rest of the time is needed to reject its callers.
  const isOver = events !== undefined && events.unanswered > 0;
  const remainingMs = isOver ? 0 : Math.max(0, timeoutMs - (clock.elapsed() - startedAt));
  const { unsentEvents, unanswered } = await api.close(remainingMs);
  const notSent = (events?.unsent ?? 0) + unsentEvents;
  if (notSent + unanswered > 0)
    logger.error(
      `Shut down after ${timeoutMs} ms with ${notSent} events not sent and ${unanswered} requests without a response. Raise shutdownTimeoutMs to give them more time.`,
    );
}

/**
 * Ends all apps of an application side by side: Nest calls the shutdown hooks of its modules one after
 * the other, and the time of one app would begin when that of another is over.
 */
export class AppShutdown {
  readonly #apps: (() => Promise<void>)[] = [];
  #ended: Promise<unknown> | undefined;

  /** @param end ends one app; never rejects */
  add(end: () => Promise<void>): void {
    this.#apps.push(end);
  }

  /** Ends the apps. Resolves when all of them have ended; later calls wait for the first. */
  async end(): Promise<void> {
    await (this.#ended ??= Promise.all(this.#apps.map((end) => end())));
  }
}
