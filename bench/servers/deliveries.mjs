/** Finds the id of each event in a request, as `eventId` below writes it into the event's data. */
const EVENT_ID = /"id\\":\\"(\d+)-(\d+)\\"/g;

/** The id of the n-th event of a run. */
export function eventId(run, n) {
  return `${run}-${n}`;
}

/** Counts how often each event of a run has arrived. */
export class Deliveries {
  #run = 0;
  #times = new Uint8Array(1024);
  #delivered = 0;
  #doubled = 0;

  expect(run) {
    this.#run = run;
    this.#times.fill(0);
    this.#delivered = 0;
    this.#doubled = 0;
  }

  count(body) {
    for (const [, run, n] of body.latin1Slice().matchAll(EVENT_ID))
      if (Number(run) === this.#run) this.#one(Number(n));
  }

  /** How many events have arrived, and how many of them more than once. */
  get counts() {
    return { delivered: this.#delivered, doubled: this.#doubled };
  }

  #one(n) {
    if (n >= this.#times.length) {
      const times = new Uint8Array(2 * n);
      times.set(this.#times);
      this.#times = times;
    }
    const times = (this.#times[n] += 1);
    if (times === 1) this.#delivered += 1;
    if (times === 2) this.#doubled += 1;
  }
}
