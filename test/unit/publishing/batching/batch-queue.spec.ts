import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { BatchQueue } from '../../../../lib/publishing/batching/batch-queue.js';
import { ChannelQueues } from '../../../../lib/publishing/batching/channel-queues.js';
import { batchJson } from '../../../../lib/publishing/direct-publisher.js';
import { FifoQueue } from '../../../../lib/publishing/batching/fifo-queue.js';
import { keptAlive } from '../../../support/runtime/kept-alive.js';
import { type NamedEntry, batchable, names, unbatchable } from '../queue-entries.js';

const LIMITS = { maxEventsPerBatch: 3, maxRequestBytes: 10_000 };

interface Plan {
  /** What is added; each entry is queued one millisecond after the one before. */
  entries: { channels: readonly string[]; isBatchable: boolean }[];
  /** What happens after each entry. */
  steps: ('nothing' | 'take' | 'release' | 'expire')[];
  /** How long entries may wait, in entries. */
  patience: number;
}

const PLANS: fc.Arbitrary<Plan> = fc.record({
  entries: fc.array(
    fc.record({
      channels: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(['a'], ['b'], ['c']) },
        { weight: 1, arbitrary: fc.constantFrom(['a', 'b'], ['c', 'a']) },
      ),
      isBatchable: fc.boolean(),
    }),
    { maxLength: 40 },
  ),
  steps: fc.array(fc.constantFrom('nothing', 'take', 'release', 'expire'), { minLength: 5 }),
  patience: fc.integer({ min: 2, max: 20 }),
});

/** Plays a plan, and records what was taken and what had expired. */
class Run {
  readonly taken: NamedEntry[] = [];
  readonly expired: NamedEntry[] = [];
  readonly faults: string[] = [];
  readonly #inFlight: (readonly NamedEntry[])[] = [];

  constructor(
    readonly queue: BatchQueue<NamedEntry>,
    private readonly plan: Plan,
  ) {}

  play(): void {
    const { entries, steps } = this.plan;
    for (const [at, { channels, isBatchable }] of entries.entries()) {
      const entry = unbatchable(String(at), channels, at);
      this.queue.add({ ...entry, batchable: isBatchable && channels.length === 1, json: '{}' });
      const step = steps[at % steps.length];
      if (step === 'take') this.#take();
      if (step === 'release') this.#release();
      if (step === 'expire') this.#expire(at - this.plan.patience);
    }
    while (this.queue.next !== undefined || this.#inFlight.length > 0) {
      this.#take();
      this.#release();
    }
  }

  #take(): void {
    const request = this.queue.take();
    if (request.length === 0) return;
    if (request.length > LIMITS.maxEventsPerBatch) this.faults.push('too many in a request');
    if (request.length > 1 && !request.every((entry) => entry.batchable))
      this.faults.push('an entry that is not batchable shares a request');
    this.taken.push(...request);
    this.#inFlight.push(request);
  }

  #release(): void {
    this.queue.release(this.#inFlight.shift() ?? []);
  }

  #expire(until: number): void {
    const expired = this.queue.takeExpired(until);
    if (expired.some(({ queuedAt }) => queuedAt > until)) this.faults.push('expired too early');
    if ((this.queue.oldest?.queuedAt ?? until + 1) <= until) this.faults.push('expired too late');
    this.expired.push(...expired);
  }
}

describe.each([
  ['FifoQueue', FifoQueue],
  ['ChannelQueues', ChannelQueues],
])('%s', (_name, Queue) => {
  function queueOf(...entries: NamedEntry[]) {
    const queue = new Queue<NamedEntry>(LIMITS);
    for (const entry of entries) queue.add(entry);
    return queue;
  }

  it('has nothing to send when it is empty', () => {
    const queue = queueOf();
    expect([queue.next, queue.oldest, queue.isFull]).toEqual([undefined, undefined, false]);
    expect([queue.take(), queue.takeExpired(99), queue.clear()]).toEqual([[], [], []]);
  });

  it('takes as many entries as one request may have', () => {
    const queue = queueOf(...['a1', 'b1', 'c1', 'd1'].map((name) => batchable(name)));
    expect(queue.next?.name).toBe('a1');
    expect([names(queue.take()), names(queue.take())]).toEqual([['a1', 'b1', 'c1'], ['d1']]);
    expect(queue.next).toBeUndefined();
  });

  it('takes as many bytes as one request may have', () => {
    const json = '"ü"';
    const maxRequestBytes = Buffer.byteLength(batchJson([json, json]));
    const queue = new Queue<NamedEntry>({ maxEventsPerBatch: 9, maxRequestBytes });
    for (const name of ['a1', 'b1', 'c1']) queue.add({ ...batchable(name), json });
    expect([names(queue.take()), names(queue.take())]).toEqual([['a1', 'b1'], ['c1']]);
  });

  it('takes an entry that is not batchable alone', () => {
    const queue = queueOf(batchable('a1'), unbatchable('x', ['b', 'c']), batchable('d1'));
    expect(names(queue.take())).toEqual(['a1']);
    expect(names(queue.take())).toEqual(['x']);
    expect(names(queue.take())).toEqual(['d1']);
  });

  it('is full when the next request has as many entries as it may have', () => {
    const queue = queueOf(batchable('a1'), batchable('b1'));
    expect(queue.isFull).toBe(false);
    queue.add(batchable('c1'));
    expect(queue.isFull).toBe(true);
    queue.take();
    expect(queue.isFull).toBe(false);
  });

  it('is full when the next request is one that nothing can join', () => {
    expect(queueOf(unbatchable('x', ['a', 'b'])).isFull).toBe(true);
  });

  it('takes the entries that have expired, in the order in which they were queued', () => {
    const queue = queueOf(
      batchable('a1', 1),
      unbatchable('x', ['a', 'b'], 2),
      batchable('b1', 3),
      batchable('a2', 3),
      batchable('b2', 4),
    );
    expect(queue.takeExpired(0)).toEqual([]);
    expect(names(queue.takeExpired(3))).toEqual(['a1', 'x', 'b1', 'a2']);
    expect([queue.oldest?.name, queue.next?.name]).toEqual(['b2', 'b2']);
    expect(names(queue.take())).toEqual(['b2']);
    expect([queue.oldest, queue.next]).toEqual([undefined, undefined]);
  });

  it('returns each waiting entry once when it is cleared, and can be used again', () => {
    const entries = [batchable('a1'), unbatchable('x', ['b', 'c']), batchable('b1')];
    const queue = queueOf(...entries);
    expect(queue.clear()).toEqual(entries);
    expect([queue.next, queue.oldest, queue.clear()]).toEqual([undefined, undefined, []]);
    queue.add(batchable('b2'));
    expect(names(queue.take())).toEqual(['b2']);
  });

  it('keeps no reference to entries that have been taken', async () => {
    const queue = queueOf();
    const refs: WeakRef<NamedEntry>[] = [];
    for (let round = 0; round < 50; round += 1) {
      for (const entry of [
        batchable('a1'),
        batchable('a2'),
        unbatchable('ab', ['a', 'b']),
        batchable('a3'),
      ]) {
        queue.add(entry);
        refs.push(new WeakRef(entry));
      }
      if (round % 5 === 0) {
        const request = queue.take();
        queue.takeExpired(0);
        queue.release(request);
      }
      while (queue.next !== undefined) queue.release(queue.take());
    }
    // The engine itself keeps a few objects of the last round, which is not a leak.
    expect(await keptAlive(refs)).toBeLessThan(5);
    expect([queue.next, queue.oldest, queue.clear()]).toEqual([undefined, undefined, []]);
  });

  it('takes each entry once, in the order of its channel, and none that has waited too long', () => {
    fc.assert(
      fc.property(PLANS, (plan) => {
        const run = new Run(queueOf(), plan);
        run.play();
        expect(run.faults).toEqual([]);
        const all = [...run.taken, ...run.expired].map(({ queuedAt }) => queuedAt);
        expect(all.toSorted((one, two) => one - two)).toEqual([...plan.entries.keys()]);
        for (const channel of ['a', 'b', 'c']) {
          const order = run.taken.filter(({ channels }) => channels.includes(channel));
          const times = order.map(({ queuedAt }) => queuedAt);
          expect(times).toEqual(times.toSorted((one, two) => one - two));
        }
        expect([run.queue.oldest, run.queue.clear()]).toEqual([undefined, []]);
      }),
      { numRuns: 500 },
    );
  });
});
