import { setImmediate } from 'node:timers';

/**
 * Delays work by one turn of the event loop, and no more: work that is added by delayed work has
 * waited already and runs at once. Whoever gathers events for a turn, and whoever waits a turn before
 * using a connection, therefore share the same turn when they share an instance.
 */
export class Turn {
  #isOver = false;

  /** Runs the work after this turn of the event loop, in the async context of this call. */
  after(work: () => void): void {
    if (this.#isOver) work();
    else setImmediate(this.#run, work);
  }

  #run = (work: () => void): void => {
    this.#isOver = true;
    try {
      work();
    } finally {
      this.#isOver = false;
    }
  };
}
