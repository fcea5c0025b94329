import type { Clock } from '../../runtime/clock.js';

/** Which events of one webhook a handler has finished, by their positions in the webhook. */
export class Progress {
  readonly #finished = new Set<number>();

  /** @param written what `toString` returned, in this instance of the application or in another one */
  static read(written: unknown): Progress {
    const progress = new Progress();
    if (typeof written === 'string')
      for (let position = 0; position < written.length; position += 1)
        if (written[position] === '1') progress.add(position);
    return progress;
  }

  has(position: number): boolean {
    return this.#finished.has(position);
  }

  hasAll(positions: readonly number[]): boolean {
    return positions.every((position) => this.#finished.has(position));
  }

  add(...positions: readonly number[]): void {
    for (const position of positions) this.#finished.add(position);
  }

  /** Adds what another one has finished. */
  merge(other: Progress): void {
    for (const position of other.#finished) this.#finished.add(position);
  }

  /** One character for each position: 1 where the event is finished, 0 where it is not. */
  toString(): string {
    const bits = Array.from({ length: Math.max(-1, ...this.#finished) + 1 }, (_, position) =>
      this.#finished.has(position) ? '1' : '0',
    );
    return bits.join('');
  }
}

/** Handlers and webhooks at most; the oldest are dropped first. A burst must not exhaust the memory. */
const MAX_ENTRIES = 100_000;

/** The progress of handlers, for a while, in the memory of this process. */
export class ProgressMemory {
  /** What was written, and when it expires; the oldest come first. */
  readonly #entries = new Map<string, { written: string; expiresAt: number }>();

  /** @param ttlMs how long an entry is kept, in milliseconds */
  constructor(
    private readonly ttlMs: number,
    private readonly clock: Clock,
  ) {}

  get(key: string): Progress {
    const entry = this.#entries.get(key);
    const isKept = entry !== undefined && entry.expiresAt > this.clock.elapsed();
    return Progress.read(isKept ? entry.written : '');
  }

  set(key: string, progress: Progress): void {
    this.#entries.delete(key);
    this.#dropOld();
    const expiresAt = this.clock.elapsed() + this.ttlMs;
    this.#entries.set(key, { written: progress.toString(), expiresAt });
  }

  #dropOld(): void {
    const now = this.clock.elapsed();
    for (const [key, { expiresAt }] of this.#entries) {
      if (expiresAt > now && this.#entries.size < MAX_ENTRIES) return;
      this.#entries.delete(key);
    }
  }
}
