/** Entries that have left are dropped from the front in steps of this size, not one by one. */
const COMPACT_AT = 1024;

/** First come, first served. Those that no longer wait are passed over. */
export class WaitingLine<T> {
  #entries: (T | undefined)[] = [];
  #first = 0;

  constructor(private readonly stillWaits: (entry: T) => boolean) {}

  get empty(): boolean {
    return this.#first === this.#entries.length;
  }

  add(entry: T): void {
    this.#entries.push(entry);
  }

  /** Takes the first that still waits out of the line. */
  next(): T | undefined {
    while (this.#first < this.#entries.length) {
      const entry = this.#entries[this.#first];
      this.#entries[this.#first] = undefined;
      this.#first += 1;
      this.#compact();
      if (entry !== undefined && this.stillWaits(entry)) return entry;
    }
    return undefined;
  }

  #compact(): void {
    if (this.#first === this.#entries.length) this.#entries = [];
    else if (this.#first < COMPACT_AT) return;
    else this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
