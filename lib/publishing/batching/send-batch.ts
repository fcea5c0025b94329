import { PusherRequestError } from '../../errors/pusher-request.error.js';
import type { Clock } from '../../runtime/clock.js';
import type { DirectPublisher } from '../direct-publisher.js';
import { type QueuedCall, QueuedEvent, failAll } from './queued-call.js';

/**
 * Statuses with which servers reject the content of a request: malformed, too large, and the status
 * that Reverb uses for malformed. The server has then accepted no event of the request.
 */
const CONTENT_REJECTED: ReadonlySet<number> = new Set([400, 413, 422]);

/** What calls are sent with. */
export interface SendingParts {
  readonly direct: DirectPublisher;
  readonly clock: Clock;
  /** Longest time from the beginning of a call to its end, in milliseconds. */
  readonly maxCallMs: number;
}

/**
 * Sends the calls in one request, in the async context of the first, and settles the promise of each.
 * Never rejects.
 */
export function sendCalls(calls: readonly QueuedCall[], parts: SendingParts): Promise<void> {
  const [first] = calls;
  if (first === undefined) return Promise.resolve();
  return first.runInAsyncScope(sendInThisContext, undefined, calls, parts);
}

function sendInThisContext(calls: readonly QueuedCall[], parts: SendingParts): Promise<void> {
  const [first, second] = calls;
  if (first !== undefined && second === undefined)
    return first.sendAlone(parts.direct, remainingMs(calls, parts));
  return sendBatch(calls.filter(isEvent), parts);
}

/**
 * Sends several events as a batch. When its content is rejected, it is split in halves which are sent
 * in order, and again until only the invalid events have failed.
 */
async function sendBatch(events: readonly QueuedEvent[], parts: SendingParts): Promise<void> {
  try {
    const json = events.map((event) => event.json);
    const entries = await parts.direct.publishBatchJson(json, remainingMs(events, parts));
    for (const [index, event] of events.entries()) event.succeedWith(entries[index]);
  } catch (error) {
    if (!isContentRejected(error) || remainingMs(events, parts) <= 0)
      return failAll(events, (index) => (index === 0 ? error : copyOfError(error)));
    const middle = Math.ceil(events.length / 2);
    await sendCalls(events.slice(0, middle), parts);
    await sendCalls(events.slice(middle), parts);
  }
}

/** How much time is left for the call that began first. */
function remainingMs(calls: readonly QueuedCall[], { clock, maxCallMs }: SendingParts): number {
  return Math.min(...calls.map(({ queuedAt }) => queuedAt)) + maxCallMs - clock.elapsed();
}

function isEvent(call: QueuedCall): call is QueuedEvent {
  return call instanceof QueuedEvent;
}

function isContentRejected(error: unknown): boolean {
  return (
    error instanceof PusherRequestError &&
    error.code === 'PUSHER_REQUEST_REJECTED' &&
    CONTENT_REJECTED.has(error.status)
  );
}

/**
 * A copy of an error for one more caller: what the code of one caller sets on its error (`accepted`,
 * fields of a logger) must not appear on the error of another.
 */
export function copyOfError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  try {
    const copy: unknown = Object.setPrototypeOf(
      new Error(error.message),
      Object.getPrototypeOf(error) as object,
    );
    return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  } catch {
    // An error that cannot be copied is shared, which is better than no error.
    return error;
  }
}
