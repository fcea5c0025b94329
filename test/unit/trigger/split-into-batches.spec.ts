import { describe, expect, it } from '@jest/globals';
import { batchEventJson, batchJson } from '../../../lib/publishing/direct-publisher.js';
import { splitIntoBatches } from '../../../lib/trigger/split-into-batches.js';

const events = Array.from({ length: 5 }, (_, at) => ({ channel: 'a', name: 'e', data: `${at}` }));

/** How many events each batch has when that many bytes are allowed. */
function sizes(maxRequestBytes: number, maxEventsPerBatch = 100): number[] {
  const batches = splitIntoBatches(events, { maxRequestBytes, maxEventsPerBatch });
  expect(batches.flat()).toMatchObject(events);
  return batches.map(({ length }) => length);
}

describe('splitIntoBatches', () => {
  const bytesOfTwo = Buffer.byteLength(batchJson(events.slice(0, 2).map(batchEventJson)));

  it('splits at the number of events', () => expect(sizes(1_000_000, 2)).toEqual([2, 2, 1]));

  it('fills batches to the last byte', () => {
    expect(sizes(bytesOfTwo)).toEqual([2, 2, 1]);
    expect(sizes(bytesOfTwo - 1)).toEqual([1, 1, 1, 1, 1]);
  });

  it('makes a batch of each event when none fits, and leaves the decision to the server', () =>
    expect(sizes(1)).toEqual([1, 1, 1, 1, 1]));
});
