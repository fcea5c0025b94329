import { describe, expect, it } from '@jest/globals';
import { FifoQueue } from '../../../../lib/publishing/batching/fifo-queue.js';
import { type NamedEntry, batchable, names, unbatchable } from '../queue-entries.js';

function queueOf(...entries: NamedEntry[]): FifoQueue<NamedEntry> {
  const queue = new FifoQueue<NamedEntry>({ maxEventsPerBatch: 3, maxRequestBytes: 30 });
  for (const entry of entries) queue.add(entry);
  return queue;
}

describe('FifoQueue', () => {
  it('does not divide by channel', () => {
    const queue = queueOf(...['a1', 'a2', 'b1', 'a3'].map((name) => batchable(name)));
    expect([names(queue.take()), names(queue.take())]).toEqual([['a1', 'a2', 'b1'], ['a3']]);
  });

  it.each([
    ['was too large for it', { ...batchable('b1'), json: '"0123456789"' }],
    ['cannot share a request', unbatchable('x', ['b', 'c'])],
  ])('is full when the entry after the next request %s', (_why, entry) => {
    const queue = queueOf({ ...batchable('a1'), json: '"0123456"' });
    expect(queue.isFull).toBe(false);
    queue.add(entry);
    expect(queue.isFull).toBe(true);
    expect(names(queue.take())).toEqual(['a1']);
  });
});
