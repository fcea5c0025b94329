import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ChannelQueues, type Turn } from '../../../lib/publishing/channel-queues.js';
import { keptAlive } from '../../support/runtime/kept-alive.js';

interface Named extends Turn {
  readonly name: string;
}

function one(name: string): Named {
  return { name, channels: [name.slice(0, 1)], gathers: true };
}

function own(name: string, ...channels: string[]): Named {
  return { name, channels, gathers: false };
}

function names(turns: readonly Named[]): string[] {
  return turns.map(({ name }) => name);
}

function upTo(most: number): () => boolean {
  let taken = 0;
  return () => (taken += 1) <= most;
}

describe('ChannelQueues', () => {
  it('gathers what is ready, with what is behind it on the same channel', () => {
    const lanes = new ChannelQueues<Named>();
    for (const name of ['a1', 'b1', 'a2', 'c1', 'a3']) lanes.add(one(name));
    expect(names(lanes.take(upTo(4)))).toEqual(['a1', 'a2', 'a3', 'b1']);
    expect(names(lanes.take(upTo(4)))).toEqual(['c1']);
    expect(lanes.take(upTo(4))).toEqual([]);
  });

  it('keeps a channel back while a request of it is under way', () => {
    const lanes = new ChannelQueues<Named>();
    const first = one('a1');
    lanes.add(first);
    lanes.take(upTo(1));
    lanes.add(one('a2'));
    expect(lanes.ready).toBeUndefined();
    lanes.release('a');
    expect(lanes.ready?.name).toBe('a2');
  });

  it('lets one on several channels go when all of them are free, and nothing overtake it', () => {
    const lanes = new ChannelQueues<Named>();
    const [a1, b1, both] = [one('a1'), one('b1'), own('ab', 'a', 'b')];
    for (const turn of [a1, b1, both, one('a2'), one('c1')]) lanes.add(turn);
    expect(names(lanes.take(upTo(1)))).toEqual(['a1']);
    expect(names(lanes.take(upTo(1)))).toEqual(['b1']);
    lanes.release('b');
    expect(names(lanes.take(upTo(9)))).toEqual(['c1']);
    expect(lanes.ready).toBeUndefined();
    lanes.release('a');
    expect(names(lanes.take(upTo(9)))).toEqual(['ab']);
    expect(lanes.ready).toBeUndefined();
    for (const channel of both.channels) lanes.release(channel);
    expect(names(lanes.take(upTo(9)))).toEqual(['a2']);
  });

  it('ends a batch at one that does not gather', () => {
    const lanes = new ChannelQueues<Named>();
    for (const turn of [one('a1'), own('bc', 'b', 'c'), one('d1')]) lanes.add(turn);
    expect(names(lanes.take(upTo(9)))).toEqual(['a1']);
    expect(names(lanes.take(upTo(9)))).toEqual(['bc']);
  });

  it('keeps a channel back that is occupied', () => {
    const lanes = new ChannelQueues<Named>();
    lanes.occupy('a');
    lanes.add(one('a1'));
    expect([lanes.ready, lanes.isFree('a')]).toEqual([undefined, false]);
    lanes.release('a');
    expect(lanes.ready?.name).toBe('a1');
  });

  it('knows which channels are free', () => {
    const lanes = new ChannelQueues<Named>();
    const turn = one('a1');
    lanes.add(turn);
    expect([lanes.isFree('a'), lanes.isFree('b')]).toEqual([false, true]);
    lanes.take(upTo(1));
    expect(lanes.isFree('a')).toBe(false);
    lanes.release('a');
    expect(lanes.isFree('a')).toBe(true);
  });

  it('remembers nothing of what has left', async () => {
    const lanes = new ChannelQueues<Named>();
    const refs: WeakRef<Named>[] = [];
    for (let round = 0; round < 50; round += 1) {
      for (const turn of [one('a1'), one('a2'), own('ab', 'a', 'b'), one('a3')]) {
        lanes.add(turn);
        refs.push(new WeakRef(turn));
      }
      while (lanes.ready !== undefined)
        for (const channel of lanes.take(upTo(9)).flatMap(({ channels }) => channels))
          lanes.release(channel);
    }
    // What the engine itself keeps of the last round is no leak.
    expect(await keptAlive(refs)).toBeLessThan(5);
    expect([lanes.isFree('a'), lanes.isFree('b'), lanes.clear()]).toEqual([true, true, []]);
  });

  it('gives all that waits when it is cleared, once, and nothing of it later', () => {
    const lanes = new ChannelQueues<Named>();
    const first = one('a1');
    for (const turn of [first, one('a2'), own('abc', 'a', 'b', 'c'), one('b1'), one('d1')])
      lanes.add(turn);
    lanes.take(upTo(1));
    expect(names(lanes.clear()).toSorted()).toEqual(['a2', 'abc', 'b1', 'd1']);
    lanes.release('a');
    expect([lanes.ready, lanes.clear()]).toEqual([undefined, []]);
    expect(['a', 'b', 'c', 'd'].filter((channel) => !lanes.isFree(channel))).toEqual([]);
  });

  it('never has a channel in two requests, keeps its order, and lets everything leave', () => {
    const channels = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), {
      minLength: 1,
      maxLength: 4,
    });
    const add = fc.record({ channels, gathers: fc.boolean() });
    const take = fc.record({ take: fc.integer({ min: 1, max: 4 }) });
    const release = fc.record({ release: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(fc.oneof(add, take, release), { maxLength: 60 }), (steps) => {
        const run = new Run();
        for (const step of steps)
          if ('take' in step) run.take(step.take);
          else if ('release' in step) run.release(step.release);
          else run.add(step.channels, step.gathers && step.channels.length === 1);
        run.finish();
        expect(run.left).toEqual(run.added);
        expect(run.faults).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Plays steps against lanes and writes down, for each channel, what was added and what left. */
class Run {
  readonly added: Record<string, number[]> = {};
  readonly left: Record<string, number[]> = {};
  readonly faults: string[] = [];
  readonly #lanes = new ChannelQueues<Turn & { id: number }>();
  readonly #underWay: (Turn & { id: number })[][] = [];
  #id = 0;

  add(channels: string[], gathers: boolean): void {
    this.#id += 1;
    for (const channel of channels) (this.added[channel] ??= []).push(this.#id);
    this.#lanes.add({ id: this.#id, channels, gathers });
  }

  take(most: number): void {
    const busy = new Set(this.#underWay.flat().flatMap(({ channels }) => channels));
    const turns = this.#lanes.take(upTo(most));
    if (turns.length === 0) return;
    if (turns.length > 1 && !turns.every(({ gathers }) => gathers))
      this.faults.push('one that does not gather shares a request');
    for (const { id, channels } of turns)
      for (const channel of channels) {
        if (busy.has(channel)) this.faults.push(`${channel} is in two requests`);
        (this.left[channel] ??= []).push(id);
      }
    this.#underWay.push(turns);
  }

  release(which: number): void {
    const [turns] = this.#underWay.splice(which % Math.max(this.#underWay.length, 1), 1);
    for (const channel of (turns ?? []).flatMap(({ channels }) => channels))
      this.#lanes.release(channel);
  }

  finish(): void {
    for (let more = true; more; more = this.#underWay.length > 0) {
      this.take(3);
      this.release(0);
    }
    while (this.#lanes.ready !== undefined) {
      this.take(3);
      this.release(0);
    }
    if (!Object.keys(this.added).every((channel) => this.#lanes.isFree(channel)))
      this.faults.push('something is left');
  }
}
