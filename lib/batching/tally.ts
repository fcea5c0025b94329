/** A count that can be closed: what comes later belongs to the next one. */
export class Tally {
  #open = 0;
  #closed = false;
  #end: () => void = () => undefined;
  readonly #over = new Promise<void>((resolve) => (this.#end = resolve));

  /** How much has entered and not left. */
  get open(): number {
    return this.#open;
  }

  enter(count: number): void {
    this.#open += count;
  }

  leave(count: number): void {
    this.#open -= count;
    this.#endIfOver();
  }

  /** Closes the count. Resolves when all that entered has left. */
  close(): Promise<void> {
    this.#closed = true;
    this.#endIfOver();
    return this.#over;
  }

  #endIfOver(): void {
    if (this.#closed && this.#open === 0) this.#end();
  }
}
