import { Queue } from '../runtime/queue.js';

/** Something that waits for its turn on one channel or on several. */
export interface Turn {
  /** Without repetition. */
  readonly channels: readonly string[];
  /** Whether it may share a request with others. Such a turn has one channel. */
  readonly gathers: boolean;
}

/** What waits for one channel. */
interface Lane<T> {
  readonly waiting: Queue<T>;
  /** Whether a request with events of this channel is under way. */
  busy: boolean;
}

/**
 * Keeps the order of each channel: one lane per channel, and of each lane one request under way at
 * most. What stands at the head of all its lanes, none of them busy, is ready; the ready ones keep
 * the order in which they became so. Nothing here costs more the more is waiting.
 */
export class ChannelQueues<T extends Turn> {
  readonly #lanes = new Map<string, Lane<T>>();
  readonly #ready = new Queue<T>();
  /** Of a turn on several channels: how many of its lanes it still waits for. */
  readonly #waitingFor = new Map<T, number>();

  /** The one that can go next. */
  get ready(): T | undefined {
    return this.#ready.peek();
  }

  /** Whether nothing waits for the channel and nothing of it is under way. */
  isFree(channel: string): boolean {
    return !this.#lanes.has(channel);
  }

  /** Makes the lane of a free channel busy without anything that waits. */
  occupy(channel: string): void {
    this.#lane(channel).busy = true;
  }

  add(turn: T): void {
    let waitsFor = 0;
    for (const channel of turn.channels) {
      const lane = this.#lane(channel);
      if (lane.busy || !lane.waiting.isEmpty) waitsFor += 1;
      lane.waiting.push(turn);
    }
    if (waitsFor === 0) this.#ready.push(turn);
    else if (turn.channels.length > 1) this.#waitingFor.set(turn, waitsFor);
  }

  /**
   * Takes what makes up the next request: the first that is ready, and if that gathers, what follows
   * it as long as `fits` takes it. Their lanes are busy until they are released.
   */
  take(fits: (turn: T) => boolean): T[] {
    const first = this.#ready.shift();
    if (first === undefined) return [];
    this.#leave(first);
    const taken = [first];
    let last: T | undefined = first.gathers && fits(first) ? first : undefined;
    while (last !== undefined) {
      last = this.#next(last, fits);
      if (last !== undefined) taken.push(last);
    }
    return taken;
  }

  /** Says that the request with events of the channel has ended: what is next there may go. */
  release(channel: string): void {
    const lane = this.#lanes.get(channel);
    // Released already: a request may have had several turns of the channel.
    if (lane === undefined || !lane.busy) return;
    lane.busy = false;
    const head = lane.waiting.peek();
    if (head === undefined) this.#lanes.delete(channel);
    else this.#advance(head);
  }

  /** Takes everything that waits, in no particular order. */
  clear(): T[] {
    const all = new Set<T>(this.#ready.drain());
    for (const [channel, lane] of this.#lanes) {
      for (const turn of lane.waiting.drain()) all.add(turn);
      if (!lane.busy) this.#lanes.delete(channel);
    }
    this.#waitingFor.clear();
    return [...all];
  }

  #lane(channel: string): Lane<T> {
    let lane = this.#lanes.get(channel);
    if (lane === undefined)
      this.#lanes.set(channel, (lane = { waiting: new Queue(), busy: false }));
    return lane;
  }

  /** Takes the turn out of its lanes, of which it is the head. */
  #leave(turn: T): void {
    for (const channel of turn.channels) {
      const lane = this.#lane(channel);
      lane.waiting.shift();
      lane.busy = true;
    }
  }

  /** The one to ride with `last`: the next of the same channel, or else the next that is ready. */
  #next(last: T, fits: (turn: T) => boolean): T | undefined {
    const [channel = ''] = last.channels;
    const lane = this.#lane(channel);
    const behind = lane.waiting.peek();
    if (behind !== undefined && behind.gathers) {
      if (!fits(behind)) return undefined;
      return lane.waiting.shift();
    }
    const next = this.#ready.peek();
    if (next === undefined || !next.gathers || !fits(next)) return undefined;
    this.#ready.shift();
    this.#leave(next);
    return next;
  }

  #advance(head: T): void {
    const waitsFor = (this.#waitingFor.get(head) ?? 1) - 1;
    if (waitsFor > 0) {
      this.#waitingFor.set(head, waitsFor);
      return;
    }
    this.#waitingFor.delete(head);
    this.#ready.push(head);
  }
}
