import { describe, expect, it } from '@jest/globals';
import { batchEntryJson, batchJson } from '../../../lib/publishing/event-json.js';
import { splitIntoBatches } from '../../../lib/trigger/split-into-batches.js';

const events = Array.from({ length: 5 }, (_, at) => ({ channel: 'a', name: 'e', data: `${at}` }));

/** How many events each request has when that many bytes are allowed. */
function cut(maxRequestBytes: number, maxEventsPerBatch = 100): number[] {
  const requests = splitIntoBatches(events, { maxRequestBytes, maxEventsPerBatch });
  expect(requests.flat()).toEqual(events);
  return requests.map(({ length }) => length);
}

describe('a list of events', () => {
  const bytesOfTwo = Buffer.byteLength(batchJson(events.slice(0, 2).map(batchEntryJson)));

  it('is cut at the number of events', () => expect(cut(1_000_000, 2)).toEqual([2, 2, 1]));

  it('fills requests to the last byte', () => {
    expect(cut(bytesOfTwo)).toEqual([2, 2, 1]);
    expect(cut(bytesOfTwo - 1)).toEqual([1, 1, 1, 1, 1]);
  });

  it('goes one by one when none fits, for the server to judge', () =>
    expect(cut(1)).toEqual([1, 1, 1, 1, 1]));
});
