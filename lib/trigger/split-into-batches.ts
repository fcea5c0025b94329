import { BatchBudget } from '../publishing/batching/batch-budget.js';
import type { BatchLimits } from '../publishing/batching/batch-queue.js';
import { batchEventJson } from '../publishing/direct-publisher.js';
import type { EncodedBatchEvent } from '../publishing/event-publisher.js';

type Batch = readonly EncodedBatchEvent[];

/** Field names, quotes and punctuation of one event, and its share of what surrounds all events. */
const FIELDS_CHARACTERS = 80;
/** The longest JSON of one UTF-16 code unit is an escape such as `\u0000`. */
const MAX_BYTES_PER_UNIT = 6;

/** Splits a list of events into batches that the server accepts, in order. */
export function splitIntoBatches(events: Batch, limits: BatchLimits): Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < events.length; start += limits.maxEventsPerBatch)
    batches.push(...splitBySize(events.slice(start, start + limits.maxEventsPerBatch), limits));
  return batches;
}

function splitBySize(events: Batch, limits: BatchLimits): Batch[] {
  // To measure exactly is to serialize, so only the few batches that come near the limit are measured.
  const maxBytes = events.reduce((sum, event) => sum + maxBytesOf(event), 0);
  return maxBytes <= limits.maxRequestBytes ? [events] : splitByExactSize(events, limits);
}

function splitByExactSize(events: Batch, limits: BatchLimits): Batch[] {
  const batches: EncodedBatchEvent[][] = [];
  let budget: BatchBudget | undefined;
  for (const event of events) {
    const measured = { ...event, json: batchEventJson(event) };
    if (!budget?.take(measured)) {
      budget = new BatchBudget(limits, measured);
      batches.push([]);
    }
    batches.at(-1)?.push(measured);
  }
  return batches;
}

function maxBytesOf({ data, channel, name, socketId = '', info = '' }: EncodedBatchEvent): number {
  const units = data.length + channel.length + name.length + socketId.length + info.length;
  return (units + FIELDS_CHARACTERS) * MAX_BYTES_PER_UNIT;
}
