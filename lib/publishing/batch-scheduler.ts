import type { BatchingOptions } from '../options/batching.options.js';
import type { Clock } from '../runtime/clock.js';
import { type BatchLimits, BatchBudget } from './batch-budget.js';
import { Queue } from '../runtime/queue.js';
import type { Job } from './job.js';
import { ChannelQueues } from './channel-queues.js';

/** What a line is made from. */
export interface BatchSchedulerPorts {
  readonly options: Readonly<Required<BatchingOptions>>;
  readonly limits: BatchLimits;
  readonly clock: Clock;
  /** Sends jobs as one request; resolves when all of them have been answered or have failed. */
  readonly send: (jobs: readonly Job[]) => Promise<void>;
}

/**
 * Decides what leaves when: at once while fewer than `maxInFlight` requests are under way, and
 * together with others as soon as one of them returns. When none returns for `maxDelayMs`, what has
 * waited as long leaves all the same.
 */
export class BatchScheduler {
  readonly #ports: BatchSchedulerPorts;
  readonly #lanes = new ChannelQueues<Job>();
  /** Those for which there is no room. */
  readonly #outside = new Queue<Job>();
  /** Events that take up room: those in the lanes, and those that left while the line stood still. */
  #held = 0;
  #underWay = 0;
  #lastReturn = 0;
  #watching = false;
  readonly #stopped = new AbortController();

  constructor(ports: BatchSchedulerPorts) {
    this.#ports = ports;
  }

  /**
   * Starts a request with an event of the channel when it need not wait for anything; gives whether
   * it did. The request is ended by `ended`.
   */
  begin(channel: string): boolean {
    if (!this.#isFree() || !this.#outside.isEmpty || !this.#lanes.isFree(channel)) return false;
    this.#lanes.occupy(channel);
    this.#underWay += 1;
    return true;
  }

  /** Ends a request with events of the channels, and lets go what waited for that. */
  ended(channels: Iterable<string>): void {
    this.#underWay -= 1;
    this.#lastReturn = this.#ports.clock.elapsed();
    for (const channel of channels) this.#lanes.release(channel);
    this.#move();
  }

  /** Gives false when there is no room and nobody is to wait for it. */
  enter(job: Job): boolean {
    if (this.#outside.isEmpty && this.#hasRoom(job)) this.#admit(job);
    else if (this.#ports.options.whenFull === 'reject') return false;
    else this.#outside.push(job);
    this.#move();
    return true;
  }

  /** Ends the line and gives those that have not left. */
  clear(): Job[] {
    this.#stopped.abort();
    return [...this.#lanes.clear(), ...this.#outside.drain()];
  }

  /** Whether the job fits in, or need not wait at all. */
  #hasRoom({ size, channels }: Job): boolean {
    if (this.#held === 0 || this.#held + size <= this.#ports.options.maxQueued) return true;
    return (
      this.#isFree() &&
      this.#lanes.ready === undefined &&
      channels.every((channel) => this.#lanes.isFree(channel))
    );
  }

  #isFree(): boolean {
    return this.#underWay < this.#ports.options.maxInFlight;
  }

  #admit(job: Job): void {
    job.since = this.#ports.clock.elapsed();
    this.#held += job.size;
    this.#lanes.add(job);
  }

  /** Lets leave what can leave, and in what then finds room. */
  #move(): void {
    this.#admitOutside();
    while (this.#lanes.ready !== undefined && (this.#isFree() || this.#patience() <= 0)) {
      void this.#leave();
      this.#admitOutside();
    }
    if (this.#lanes.ready !== undefined && !this.#watching) void this.#watch();
  }

  #admitOutside(): void {
    for (let job = this.#outside.peek(); job && this.#hasRoom(job); job = this.#outside.peek()) {
      this.#outside.shift();
      this.#admit(job);
    }
  }

  /** Sends the next request. One that leaves past `maxInFlight` keeps its room, which bounds those. */
  async #leave(): Promise<void> {
    const room = new BatchBudget(this.#ports.limits);
    const jobs = this.#lanes.take((job) => job.gathers && room.take(job));
    const events = jobs.reduce((sum, { size }) => sum + size, 0);
    const keepsRoom = !this.#isFree();
    if (!keepsRoom) this.#held -= events;
    this.#underWay += 1;
    await this.#ports.send(jobs);
    if (keepsRoom) this.#held -= events;
    this.ended(jobs.flatMap(({ channels }) => channels));
  }

  /** How long the next job still waits for a request to return, in milliseconds. */
  #patience(): number {
    const since = Math.max(this.#lanes.ready?.since ?? 0, this.#lastReturn);
    return since + this.#ports.options.maxDelayMs - this.#ports.clock.elapsed();
  }

  /** While something waits, looks whether the line stands still. */
  async #watch(): Promise<void> {
    this.#watching = true;
    while (this.#lanes.ready !== undefined && (await this.#wait(this.#patience()))) this.#move();
    this.#watching = false;
  }

  async #wait(milliseconds: number): Promise<boolean> {
    try {
      await this.#ports.clock.sleep(Math.max(milliseconds, 0), this.#stopped.signal);
      return true;
    } catch {
      return false;
    }
  }
}
