/** Records in the order they came, the oldest dropped beyond a limit. */
export class Log<Item extends object> {
  readonly #items: Item[] = [];
  readonly #taken = new WeakSet<Item>();

  constructor(private readonly limit: number) {}

  add(item: Item): void {
    this.#items.push(item);
    // Cut at twice the limit: moving all the others for each new item would cost too much.
    if (this.#items.length > 2 * this.limit) this.#items.splice(0, this.#items.length - this.limit);
  }

  all(): Item[] {
    return this.#items.slice(this.limit === Infinity ? 0 : -this.limit);
  }

  /** The first item that fits and was not taken before. */
  take(fits: (item: Item) => boolean): Item | undefined {
    const found = this.#items.find((item) => !this.#taken.has(item) && fits(item));
    if (found) this.#taken.add(found);
    return found;
  }
}
