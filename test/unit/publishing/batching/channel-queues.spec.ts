import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ChannelQueues } from '../../../../lib/publishing/batching/channel-queues.js';
import { type NamedEntry, batchable, names, unbatchable } from '../queue-entries.js';

function queuesOf(...entries: NamedEntry[]): ChannelQueues<NamedEntry> {
  const queues = new ChannelQueues<NamedEntry>({ maxEventsPerBatch: 4, maxRequestBytes: 10_000 });
  for (const entry of entries) queues.add(entry);
  return queues;
}

describe('ChannelQueues', () => {
  it('batches ready entries, each with the next of its channel', () => {
    const queues = queuesOf(...['a1', 'b1', 'a2', 'c1', 'a3'].map((name) => batchable(name)));
    expect(names(queues.take())).toEqual(['a1', 'a2', 'a3', 'b1']);
    expect(names(queues.take())).toEqual(['c1']);
    expect(queues.take()).toEqual([]);
  });

  it('holds the entries of a channel while it has a request in flight', () => {
    const queues = queuesOf(batchable('a1'));
    const request = queues.take();
    queues.add(batchable('a2'));
    expect([queues.next, queues.oldest?.name]).toEqual([undefined, 'a2']);
    queues.release(request);
    expect(queues.next?.name).toBe('a2');
  });

  it('holds an entry with several channels until all are free, and lets none overtake it', () => {
    const queues = queuesOf(
      unbatchable('a1', ['a']),
      unbatchable('b1', ['b']),
      unbatchable('ab', ['a', 'b']),
      batchable('a2'),
      batchable('c1'),
    );
    const [a1, b1] = [queues.take(), queues.take()];
    expect([names(a1), names(b1)]).toEqual([['a1'], ['b1']]);
    queues.release(b1);
    expect(names(queues.take())).toEqual(['c1']);
    expect(queues.next).toBeUndefined();
    queues.release(a1);
    const both = queues.take();
    expect(names(both)).toEqual(['ab']);
    expect(queues.next).toBeUndefined();
    queues.release(both);
    expect(names(queues.take())).toEqual(['a2']);
  });

  it('counts what waits on the channels of the next request', () => {
    const queues = queuesOf(...['a1', 'a2', 'a3', 'b1'].map((name) => batchable(name)));
    expect(queues.isFull).toBe(true);
    const blocked = queuesOf(batchable('a1'));
    blocked.take();
    for (const name of ['a2', 'a3', 'a4', 'a5', 'b1']) blocked.add(batchable(name));
    expect([blocked.isFull, names(blocked.take())]).toEqual([false, ['b1']]);
  });

  it('sends what an expired entry has held back', () => {
    const queues = queuesOf(
      batchable('a1', 1),
      unbatchable('ab', ['a', 'b'], 2),
      batchable('b1', 3),
      batchable('b2', 4),
    );
    const request = queues.take();
    expect(queues.next).toBeUndefined();
    expect(names(queues.takeExpired(2))).toEqual(['ab']);
    expect(names(queues.take())).toEqual(['b1', 'b2']);
    queues.add(batchable('a2', 5));
    expect(queues.next).toBeUndefined();
    queues.release(request);
    expect(names(queues.take())).toEqual(['a2']);
  });

  it('returns none of the entries that were cleared when a request ends later', () => {
    const queues = queuesOf(batchable('a1'));
    const request = queues.take();
    queues.add(batchable('a2'));
    queues.add(unbatchable('abc', ['a', 'b', 'c']));
    expect(names(queues.clear())).toEqual(['a2', 'abc']);
    queues.release(request);
    expect([queues.next, queues.clear()]).toEqual([undefined, []]);
  });

  it('never has a channel in two requests', () => {
    const channels = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    const add = fc.record({ channels, isBatchable: fc.boolean() });
    const steps = fc.array(fc.oneof(add, fc.constantFrom('take', 'release', 'expire')), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const queues = queuesOf();
        const inFlight: (readonly NamedEntry[])[] = [];
        const twice: string[] = [];
        for (const [at, step] of all.entries())
          if (step === 'release') queues.release(inFlight.shift() ?? []);
          else if (step === 'expire') queues.takeExpired(at - 5);
          else if (step === 'take') {
            const busy = new Set(inFlight.flat().flatMap((entry) => entry.channels));
            const request = queues.take();
            twice.push(
              ...request.flatMap((entry) => entry.channels).filter((name) => busy.has(name)),
            );
            if (request.length > 0) inFlight.push(request);
          } else if (typeof step !== 'string') {
            const isBatchable = step.isBatchable && step.channels.length === 1;
            queues.add({ ...unbatchable(String(at), step.channels, at), batchable: isBatchable });
          }
        expect(twice).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
