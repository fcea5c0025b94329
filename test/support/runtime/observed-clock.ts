import { ManualClock } from '../../../lib/testing/manual-clock.js';

/** A manual clock that says when somebody waits for that long. */
export class ObservedClock extends ManualClock {
  #onWait: () => void = () => undefined;
  /** Resolves when somebody begins to wait. */
  readonly waiting = new Promise<void>((resolve) => (this.#onWait = resolve));

  /** @param observedMs the wait that is looked for, in milliseconds */
  constructor(private readonly observedMs: number) {
    super();
  }

  override after(milliseconds: number, callback: () => void): () => void {
    const cancel = super.after(milliseconds, callback);
    if (milliseconds === this.observedMs) this.#onWait();
    return cancel;
  }
}
