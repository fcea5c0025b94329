import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ChannelQueues, type QueueEntry } from '../../../lib/publishing/channel-queues.js';
import { keptAlive } from '../../support/runtime/kept-alive.js';

interface Named extends QueueEntry {
  readonly name: string;
}

function batchable(name: string): Named {
  return { name, channels: [name.slice(0, 1)], batchable: true };
}

function unbatchable(name: string, ...channels: string[]): Named {
  return { name, channels, batchable: false };
}

function names(entries: readonly Named[]): string[] {
  return entries.map(({ name }) => name);
}

function upTo(most: number): () => boolean {
  let taken = 0;
  return () => (taken += 1) <= most;
}

describe('ChannelQueues', () => {
  it('batches ready entries, each with the next of its channel', () => {
    const queues = new ChannelQueues<Named>();
    for (const name of ['a1', 'b1', 'a2', 'c1', 'a3']) queues.add(batchable(name));
    expect(names(queues.take(upTo(4)))).toEqual(['a1', 'a2', 'a3', 'b1']);
    expect(names(queues.take(upTo(4)))).toEqual(['c1']);
    expect(queues.take(upTo(4))).toEqual([]);
  });

  it('holds the entries of a channel while it has a request in flight', () => {
    const queues = new ChannelQueues<Named>();
    const first = batchable('a1');
    queues.add(first);
    queues.take(upTo(1));
    queues.add(batchable('a2'));
    expect(queues.ready).toBeUndefined();
    queues.release('a');
    expect(queues.ready?.name).toBe('a2');
  });

  it('holds an entry with several channels until all are free, and lets none overtake it', () => {
    const queues = new ChannelQueues<Named>();
    const [a1, b1, both] = [batchable('a1'), batchable('b1'), unbatchable('ab', 'a', 'b')];
    for (const entry of [a1, b1, both, batchable('a2'), batchable('c1')]) queues.add(entry);
    expect(names(queues.take(upTo(1)))).toEqual(['a1']);
    expect(names(queues.take(upTo(1)))).toEqual(['b1']);
    queues.release('b');
    expect(names(queues.take(upTo(9)))).toEqual(['c1']);
    expect(queues.ready).toBeUndefined();
    queues.release('a');
    expect(names(queues.take(upTo(9)))).toEqual(['ab']);
    expect(queues.ready).toBeUndefined();
    for (const channel of both.channels) queues.release(channel);
    expect(names(queues.take(upTo(9)))).toEqual(['a2']);
  });

  it('ends a batch before an entry that is not batchable', () => {
    const queues = new ChannelQueues<Named>();
    for (const entry of [batchable('a1'), unbatchable('bc', 'b', 'c'), batchable('d1')])
      queues.add(entry);
    expect(names(queues.take(upTo(9)))).toEqual(['a1']);
    expect(names(queues.take(upTo(9)))).toEqual(['bc']);
  });

  it('holds the entries of a reserved channel', () => {
    const queues = new ChannelQueues<Named>();
    queues.reserve('a');
    queues.add(batchable('a1'));
    expect([queues.ready, queues.isIdle('a')]).toEqual([undefined, false]);
    queues.release('a');
    expect(queues.ready?.name).toBe('a1');
  });

  it('knows which channels are idle', () => {
    const queues = new ChannelQueues<Named>();
    const entry = batchable('a1');
    queues.add(entry);
    expect([queues.isIdle('a'), queues.isIdle('b')]).toEqual([false, true]);
    queues.take(upTo(1));
    expect(queues.isIdle('a')).toBe(false);
    queues.release('a');
    expect(queues.isIdle('a')).toBe(true);
  });

  it('keeps no reference to entries that have been taken', async () => {
    const queues = new ChannelQueues<Named>();
    const refs: WeakRef<Named>[] = [];
    for (let round = 0; round < 50; round += 1) {
      for (const entry of [
        batchable('a1'),
        batchable('a2'),
        unbatchable('ab', 'a', 'b'),
        batchable('a3'),
      ]) {
        queues.add(entry);
        refs.push(new WeakRef(entry));
      }
      while (queues.ready !== undefined)
        for (const channel of queues.take(upTo(9)).flatMap(({ channels }) => channels))
          queues.release(channel);
    }
    // The engine itself keeps a few objects of the last round, which is not a leak.
    expect(await keptAlive(refs)).toBeLessThan(5);
    expect([queues.isIdle('a'), queues.isIdle('b'), queues.clear()]).toEqual([true, true, []]);
  });

  it('returns each waiting entry once when it is cleared, and none of them later', () => {
    const queues = new ChannelQueues<Named>();
    const first = batchable('a1');
    for (const entry of [
      first,
      batchable('a2'),
      unbatchable('abc', 'a', 'b', 'c'),
      batchable('b1'),
      batchable('d1'),
    ])
      queues.add(entry);
    queues.take(upTo(1));
    expect(names(queues.clear()).toSorted()).toEqual(['a2', 'abc', 'b1', 'd1']);
    queues.release('a');
    expect([queues.ready, queues.clear()]).toEqual([undefined, []]);
    expect(['a', 'b', 'c', 'd'].filter((channel) => !queues.isIdle(channel))).toEqual([]);
  });

  it('never has a channel in two requests, keeps its order, and sends everything', () => {
    const channels = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), {
      minLength: 1,
      maxLength: 4,
    });
    const add = fc.record({ channels, batchable: fc.boolean() });
    const take = fc.record({ take: fc.integer({ min: 1, max: 4 }) });
    const release = fc.record({ release: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(fc.oneof(add, take, release), { maxLength: 60 }), (steps) => {
        const run = new Run();
        for (const step of steps)
          if ('take' in step) run.take(step.take);
          else if ('release' in step) run.release(step.release);
          else run.add(step.channels, step.batchable && step.channels.length === 1);
        run.finish();
        expect(run.taken).toEqual(run.added);
        expect(run.faults).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Plays steps and records, for each channel, which entries were added and which were taken. */
class Run {
  readonly added: Record<string, number[]> = {};
  readonly taken: Record<string, number[]> = {};
  readonly faults: string[] = [];
  readonly #queues = new ChannelQueues<QueueEntry & { id: number }>();
  readonly #inFlight: (QueueEntry & { id: number })[][] = [];
  #id = 0;

  add(channels: string[], isBatchable: boolean): void {
    this.#id += 1;
    for (const channel of channels) (this.added[channel] ??= []).push(this.#id);
    this.#queues.add({ id: this.#id, channels, batchable: isBatchable });
  }

  take(most: number): void {
    const busy = new Set(this.#inFlight.flat().flatMap(({ channels }) => channels));
    const entries = this.#queues.take(upTo(most));
    if (entries.length === 0) return;
    if (entries.length > 1 && !entries.every((entry) => entry.batchable))
      this.faults.push('an entry that is not batchable shares a request');
    for (const { id, channels } of entries)
      for (const channel of channels) {
        if (busy.has(channel)) this.faults.push(`${channel} is in two requests`);
        (this.taken[channel] ??= []).push(id);
      }
    this.#inFlight.push(entries);
  }

  release(which: number): void {
    const [entries] = this.#inFlight.splice(which % Math.max(this.#inFlight.length, 1), 1);
    for (const channel of (entries ?? []).flatMap(({ channels }) => channels))
      this.#queues.release(channel);
  }

  finish(): void {
    for (let more = true; more; more = this.#inFlight.length > 0) {
      this.take(3);
      this.release(0);
    }
    while (this.#queues.ready !== undefined) {
      this.take(3);
      this.release(0);
    }
    if (!Object.keys(this.added).every((channel) => this.#queues.isIdle(channel)))
      this.faults.push('something is left');
  }
}
