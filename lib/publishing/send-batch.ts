import { PusherRequestError } from '../errors/pusher-request.error.js';
import type { DirectPublisher } from './direct-publisher.js';
import type { GatheredEvent } from './job.js';
import { ownError } from './own-error.js';
import { tell } from './tell.js';

/**
 * Statuses by which servers refuse what is in a request: malformed, too large, and Reverb's word for
 * malformed. The server has then accepted nothing of it.
 */
const REFUSES_CONTENT: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * Sends the events in one request and tells each caller its own answer. A batch that is refused for
 * its content is taken apart by halves, in order, so that only the event at fault fails. Never
 * rejects: whatever goes wrong is told to the callers.
 */
export function sendGathered(
  events: readonly GatheredEvent[],
  direct: DirectPublisher,
): Promise<void> {
  const [first, second] = events;
  if (first === undefined) return Promise.resolve();
  if (second === undefined) return tell(first.caller, () => direct.publish(first.event));
  return sendBatch(events, direct);
}

async function sendBatch(events: readonly GatheredEvent[], direct: DirectPublisher): Promise<void> {
  try {
    const answers = await direct.publishEntries(events.map(({ entry }) => entry));
    for (const [at, event] of events.entries()) event.accept(answers[at] ?? {});
  } catch (error) {
    if (!refusesContent(error)) return failAll(events, error);
    const middle = Math.ceil(events.length / 2);
    await sendGathered(events.slice(0, middle), direct);
    await sendGathered(events.slice(middle), direct);
  }
}

function refusesContent(error: unknown): boolean {
  return (
    error instanceof PusherRequestError &&
    error.code === 'PUSHER_REQUEST_REJECTED' &&
    REFUSES_CONTENT.has(error.status)
  );
}

function failAll(events: readonly GatheredEvent[], error: unknown): void {
  for (const [at, { caller }] of events.entries())
    caller.reject(at === 0 ? error : ownError(error));
}
