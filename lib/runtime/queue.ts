interface Link<T> {
  readonly item: T;
  next: Link<T> | undefined;
}

/** First in, first out. Adding and taking cost the same whatever waits, and nothing while it is empty. */
export class Queue<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  push(item: T): void {
    const link: Link<T> = { item, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    this.#length += 1;
  }

  /** The next item, left where it is. */
  peek(): T | undefined {
    return this.#first?.item;
  }

  /** Takes the next item. */
  shift(): T | undefined {
    const link = this.#first;
    if (link === undefined) return undefined;
    this.#first = link.next;
    this.#length -= 1;
    if (link.next === undefined) this.#last = undefined;
    return link.item;
  }

  /** The items in order, left where they are. */
  *[Symbol.iterator](): Generator<T, void> {
    for (let link = this.#first; link !== undefined; link = link.next) yield link.item;
  }

  /** Takes all items. */
  *drain(): Generator<T, void> {
    for (let item = this.shift(); item !== undefined; item = this.shift()) yield item;
  }
}
