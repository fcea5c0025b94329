import { batchEntryJson } from '../batching/event-json.js';
import type { EncodedBatchEvent } from '../batching/event-publisher.js';
import type { PusherLimits } from '../protocol/limits.js';

type BatchLimits = Pick<PusherLimits, 'maxEventsPerBatch' | 'maxRequestBytes'>;
type Request = readonly EncodedBatchEvent[];

/** `{"batch":[` and `]}`. */
const FRAME_BYTES = 12;
/** Names of fields, quotes and punctuation of one event. */
const FIELDS_CHARACTERS = 80;
/** The longest that JSON makes of one UTF-16 unit: `\u0000`. */
const MOST_BYTES_PER_UNIT = 6;

/** Cuts a list of events into requests that the server takes, in order. */
export function requestsOf(events: Request, limits: BatchLimits): Request[] {
  const requests: Request[] = [];
  for (let at = 0; at < events.length; at += limits.maxEventsPerBatch)
    requests.push(...cutBySize(events.slice(at, at + limits.maxEventsPerBatch), limits));
  return requests;
}

function cutBySize(events: Request, { maxRequestBytes }: BatchLimits): Request[] {
  // Measuring exactly means serialising, so it is left to the few batches that come near the limit.
  const most = events.reduce((sum, event) => sum + greatestSizeOf(event), FRAME_BYTES);
  return most <= maxRequestBytes ? [events] : cutExactly(events, maxRequestBytes);
}

function cutExactly(events: Request, limit: number): Request[] {
  const requests: EncodedBatchEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const size = Buffer.byteLength(batchEntryJson(event)) + 1;
    if (size > room) {
      requests.push([]);
      room = limit - FRAME_BYTES;
    }
    requests.at(-1)?.push(event);
    room -= size;
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
