import type { Clock } from '../../runtime/clock.js';
import { type Progress, ProgressMemory } from './progress.js';

/** The work of one handler on one webhook. */
export interface HandlerWork {
  /** Names the webhook and the handler. */
  readonly key: string;
  /** Positions of the events that the handler receives, in their order. */
  readonly positions: readonly number[];
  /** Handles one event. Resolves with whether that has succeeded, and never rejects. */
  readonly handle: (position: number) => Promise<boolean>;
}

/** What became of the work. */
export interface WorkReport {
  /** Events that the handler had finished before, and did not receive again. */
  readonly skipped: readonly number[];
  /** Events that the handler has not finished. */
  readonly unfinished: readonly number[];
  /** Set when nothing ran for this delivery: the work was already running, here or elsewhere. */
  readonly running?: 'here' | 'elsewhere';
}

/** The right to do some work. */
export interface Claim {
  /** What was finished before; the dedupe adds what is finished now. */
  readonly progress: Progress;
  /** Whether nobody else can have taken over the work. */
  readonly isHeld: boolean;
  /** Called when an event is finished and the work is not complete. */
  save(): void;
  /** Called once, when the work has ended. Never rejects. */
  end(isComplete: boolean): Promise<void>;
}

/**
 * Runs handlers on the events of a webhook until each has finished every event once, and remembers
 * that for a while. Within this process it is exact; subclasses decide where it is remembered.
 */
export abstract class WebhookDedupe {
  readonly #running = new Map<string, Promise<WorkReport>>();

  /** Runs what has not finished before, one event after another; joins work that is running here. */
  run(work: HandlerWork): Promise<WorkReport> {
    const running = this.#running.get(work.key);
    if (running !== undefined) return running.then((report) => ({ ...report, running: 'here' }));
    const started = this.#run(work).finally(() => this.#running.delete(work.key));
    this.#running.set(work.key, started);
    return started;
  }

  async #run({ key, positions, handle }: HandlerWork): Promise<WorkReport> {
    const claim = await this.claim(key, positions);
    if (claim === undefined) return { skipped: [], unfinished: positions, running: 'elsewhere' };
    const { progress } = claim;
    const skipped: number[] = [];
    const unfinished: number[] = [];
    for (const position of positions)
      if (progress.has(position)) skipped.push(position);
      else if (claim.isHeld && (await handle(position))) {
        progress.add(position);
        // Nothing is worth saving that the end of the work says as well.
        if (unfinished.length > 0 || position !== positions.at(-1)) claim.save();
      } else unfinished.push(position);
    await claim.end(unfinished.length === 0);
    return { skipped, unfinished };
  }

  /** Takes the work on; `undefined` when another instance is doing it. Never rejects. */
  protected abstract claim(key: string, positions: readonly number[]): Promise<Claim | undefined>;
}

/** The claim of work that has finished before. */
export function nothingToDo(progress: Progress): Claim {
  return { progress, isHeld: true, save: () => undefined, end: () => Promise.resolve() };
}

/** Remembers finished work in this process. Nothing else runs it, so every claim succeeds. */
export class MemoryDedupe extends WebhookDedupe {
  readonly #memory: ProgressMemory;

  /** @param ttlMs how long finished work is remembered, in milliseconds */
  constructor(ttlMs: number, clock: Clock) {
    super();
    this.#memory = new ProgressMemory(ttlMs, clock);
  }

  protected claim(key: string, positions: readonly number[]): Promise<Claim> {
    const progress = this.#memory.get(key);
    if (progress.hasAll(positions)) return Promise.resolve(nothingToDo(progress));
    const end = (): Promise<void> => {
      this.#memory.set(key, progress);
      return Promise.resolve();
    };
    return Promise.resolve({ progress, isHeld: true, save: () => undefined, end });
  }
}
