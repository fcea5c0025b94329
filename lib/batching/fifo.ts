/** How many taken places are kept before the array is cut; shifting an array itself costs its length. */
const SPARE = 64;

/** First in, first out. Adding and taking cost the same whatever waits. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The next item, left where it is. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes the next item. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    // Not held any longer than it waits.
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.length === 0) this.#empty();
    else if (this.#head > SPARE && this.#head > this.length) this.#cut();
    return item;
  }

  #empty(): void {
    this.#items.length = 0;
    this.#head = 0;
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
