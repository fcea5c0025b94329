import { setImmediate } from './timers.js';

/**
 * Delays work by one turn of the event loop. Work that is added while delayed work runs has already
 * waited, so it runs at once. Code that collects events for a turn and code that waits a turn before
 * it uses a connection therefore share the same turn when they share an instance.
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
