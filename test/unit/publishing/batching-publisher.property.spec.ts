import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BatchingPublisher } from '../../../lib/publishing/batching-publisher.js';
import { DirectPublisher } from '../../../lib/publishing/direct-publisher.js';
import { HeldApi, type HeldRequest, refusal } from '../../support/http/held-api.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

interface Plan {
  maxInFlight: number;
  maxEventsPerBatch: number;
  maxQueued: number;
  /** Channels of each event: one, several, or `batch` for a batch of the caller. */
  events: { channels: readonly string[]; batch: boolean; bad: boolean }[];
  /** At each step one request is answered: which, and with what. */
  answers: { which: number; status: number }[];
  /** How many events are published between two answers. */
  pace: number;
}

const PLANS: fc.Arbitrary<Plan> = fc.record({
  maxInFlight: fc.integer({ min: 1, max: 3 }),
  maxEventsPerBatch: fc.integer({ min: 1, max: 4 }),
  maxQueued: fc.integer({ min: 1, max: 8 }),
  events: fc.array(
    fc.record({
      channels: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(['a'], ['b'], ['c']) },
        { weight: 1, arbitrary: fc.constantFrom(['a', 'b'], ['b', 'c', 'a']) },
      ),
      batch: fc.boolean(),
      bad: fc.integer({ min: 0, max: 7 }).map((number) => number === 0),
    }),
    { maxLength: 40 },
  ),
  answers: fc.array(fc.record({ which: fc.nat(9), status: fc.constantFrom(200, 200, 200, 503) }), {
    minLength: 10,
    maxLength: 20,
  }),
  pace: fc.integer({ min: 1, max: 10 }),
});

/** Plays a plan and writes down what the server accepted and what the callers were told. */
class Play {
  readonly api = new HeldApi();
  readonly told = new Map<number, unknown>();
  readonly accepted: { id: number; channel: string }[] = [];
  readonly faults: string[] = [];
  readonly #publisher: BatchingPublisher;
  readonly #answered = new Set<HeldRequest>();

  constructor(private readonly plan: Plan) {
    const { maxInFlight, maxEventsPerBatch, maxQueued } = plan;
    this.#publisher = new BatchingPublisher({
      direct: new DirectPublisher({ api: this.api }),
      options: { maxInFlight, maxDelayMs: 1000, maxQueued, whenFull: 'wait' },
      limits: { maxEventsPerBatch, maxRequestBytes: 10_000 },
      clock: new ManualClock(),
    });
  }

  async run(): Promise<void> {
    let step = 0;
    for (const id of this.plan.events.keys()) {
      this.#publish(id);
      if (id % this.plan.pace === 0) await this.#answerOne((step += 1));
    }
    const flushed = this.#publisher.flush();
    while (this.#open().length > 0) await this.#answerOne((step += 1));
    await flushed;
  }

  #publish(id: number): void {
    const { channels = [], batch = false } = this.plan.events[id] ?? {};
    const event = { name: String(id), data: '', info: 'user_count' };
    const answer = batch
      ? this.#publisher.publishBatch(channels.map((channel) => ({ ...event, channel })))
      : this.#publisher.publish({ ...event, channels });
    void answer.then(
      (told) => this.told.set(id, JSON.parse(JSON.stringify(told))),
      (error: { status: number }) => this.told.set(id, error.status),
    );
  }

  #open(): HeldRequest[] {
    return this.api.requests.filter((request) => !this.#answered.has(request));
  }

  async #answerOne(step: number): Promise<void> {
    const open = this.#open();
    if (open.length > this.plan.maxInFlight) this.faults.push('too many requests');
    const answer = this.plan.answers[step % this.plan.answers.length];
    const request = open[(answer?.which ?? 0) % open.length];
    if (request === undefined) return turn();
    this.#answered.add(request);
    const ids = request.events.map(Number);
    if (ids.length > Math.max(this.plan.maxEventsPerBatch, 3)) this.faults.push('too many events');
    if (answer?.status === 503) return request.fail(refusal(503, request.request));
    if (ids.some((id) => this.plan.events[id]?.bad))
      return request.fail(refusal(400, request.request));
    await this.#accept(request);
  }

  /** Accepts as a server does, and counts each event's own number as the users of its channel. */
  async #accept(held: HeldRequest): Promise<void> {
    const body = held.body as {
      name: string;
      channels?: string[];
      batch?: { name: string; channel: string }[];
    };
    for (const { name, channel } of body.batch ?? [])
      this.accepted.push({ id: Number(name), channel });
    for (const channel of body.channels ?? [])
      this.accepted.push({ id: Number(body.name), channel });
    await held.answer(
      body.batch === undefined
        ? { channels: Object.fromEntries((body.channels ?? []).map((c) => [c, count(body.name)])) }
        : { batch: body.batch.map(({ name }) => count(name)) },
    );
  }
}

/** A server's word for the number of an event. */
function count(name: string): { user_count: number } {
  return { user_count: Number(name) };
}

function expectedAnswer(id: number, { channels, batch }: Plan['events'][number]): unknown {
  const told = { userCount: id };
  return batch ? channels.map(() => told) : Object.fromEntries(channels.map((c) => [c, told]));
}

describe('BatchingPublisher, whatever comes and whatever the server does', () => {
  it('tells each caller its own end, keeps order, loses nothing and repeats nothing', async () => {
    const property = fc.asyncProperty(PLANS, async (given) => {
      const play = new Play(given);
      await play.run();
      expect(play.faults).toEqual([]);
      // Accepted exactly once and told so, or refused and not accepted.
      const acceptedIds = new Set(play.accepted.map(({ id }) => id));
      const pairs = play.accepted.map(({ id, channel }) => `${id} on ${channel}`);
      expect(new Set(pairs).size).toBe(pairs.length);
      for (const [id, event] of given.events.entries()) {
        const told = play.told.get(id);
        const wanted = acceptedIds.has(id) ? [expectedAnswer(id, event)] : [503, event.bad && 400];
        expect(wanted).toContainEqual(told);
      }
      for (const name of ['a', 'b', 'c']) {
        const order = play.accepted.filter(({ channel }) => channel === name).map(({ id }) => id);
        expect(order).toEqual(order.toSorted((one, two) => one - two));
      }
    });
    await expect(fc.assert(property, { numRuns: 200 })).resolves.toBeUndefined();
  });
});
