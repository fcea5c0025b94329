import { type BatchLimits, BatchBudget } from '../publishing/batch-budget.js';
import { batchEntryJson } from '../publishing/event-json.js';
import type { EncodedBatchEvent } from '../publishing/event-publisher.js';

type Request = readonly EncodedBatchEvent[];

/** Names of fields, quotes and punctuation of one event, with its share of what is around them all. */
const FIELDS_CHARACTERS = 80;
/** The longest that JSON makes of one UTF-16 unit: `\u0000`. */
const MOST_BYTES_PER_UNIT = 6;

/** Cuts a list of events into requests that the server takes, in order. */
export function splitIntoBatches(events: Request, limits: BatchLimits): Request[] {
  const requests: Request[] = [];
  for (let at = 0; at < events.length; at += limits.maxEventsPerBatch)
    requests.push(...cutBySize(events.slice(at, at + limits.maxEventsPerBatch), limits));
  return requests;
}

function cutBySize(events: Request, limits: BatchLimits): Request[] {
  // Measuring exactly means serialising, so it is left to the few batches that come near the limit.
  const most = events.reduce((sum, event) => sum + greatestSizeOf(event), 0);
  return most <= limits.maxRequestBytes ? [events] : cutExactly(events, limits);
}

function cutExactly(events: Request, limits: BatchLimits): Request[] {
  const requests: EncodedBatchEvent[][] = [];
  let room: BatchBudget | undefined;
  for (const event of events) {
    const entry = { entry: batchEntryJson(event) };
    if (!room?.take(entry)) {
      room = new BatchBudget(limits);
      room.take(entry);
      requests.push([]);
    }
    requests.at(-1)?.push(event);
  }
  return requests;
}

function greatestSizeOf({
  data,
  channel,
  name,
  socketId = '',
  info = '',
}: EncodedBatchEvent): number {
  const units = data.length + channel.length + name.length + socketId.length + info.length;
  return (units + FIELDS_CHARACTERS) * MOST_BYTES_PER_UNIT;
}
