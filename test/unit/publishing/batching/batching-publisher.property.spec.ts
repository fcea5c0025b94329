import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BatchingPublisher } from '../../../../lib/publishing/batching/batching-publisher.js';
import { DirectPublisher } from '../../../../lib/publishing/direct-publisher.js';
import { HeldApi, type HeldRequest, rejection } from '../../../support/http/held-api.js';
import { Turn } from '../../../../lib/runtime/clock.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';

interface Plan {
  order: 'none' | 'channel';
  maxInFlight: number;
  maxConnections: number;
  maxEventsPerBatch: number;
  maxQueued: number;
  /** Channels of each event; with `batch` the caller makes a batch of one event per channel. */
  events: { channels: readonly string[]; batch: boolean; isInvalid: boolean }[];
  /** In each step one request gets a response: which request, and with which status. */
  responses: { which: number; status: number }[];
  /** How many events are published between two responses. */
  pace: number;
}

const PLANS: fc.Arbitrary<Plan> = fc.record({
  order: fc.constantFrom('none', 'channel'),
  maxInFlight: fc.integer({ min: 1, max: 3 }),
  maxConnections: fc.integer({ min: 1, max: 5 }),
  maxEventsPerBatch: fc.integer({ min: 1, max: 4 }),
  maxQueued: fc.integer({ min: 1, max: 8 }),
  events: fc.array(
    fc.record({
      channels: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(['a'], ['b'], ['c']) },
        { weight: 1, arbitrary: fc.constantFrom(['a', 'b'], ['b', 'c', 'a']) },
      ),
      batch: fc.boolean(),
      isInvalid: fc.integer({ min: 0, max: 7 }).map((number) => number === 0),
    }),
    { maxLength: 40 },
  ),
  responses: fc.array(
    fc.record({ which: fc.nat(9), status: fc.constantFrom(200, 200, 200, 503) }),
    {
      minLength: 10,
      maxLength: 20,
    },
  ),
  pace: fc.integer({ min: 1, max: 10 }),
});

/** Plays a plan and records what the server accepted and how the promises of the callers settled. */
class Play {
  readonly api = new HeldApi();
  readonly outcomes = new Map<number, unknown>();
  readonly accepted: { id: number; channel: string }[] = [];
  readonly faults: string[] = [];
  readonly #publisher: BatchingPublisher;
  readonly #responded = new Set<HeldRequest>();

  constructor(private readonly plan: Plan) {
    const { order, maxInFlight, maxConnections, maxEventsPerBatch, maxQueued } = plan;
    this.#publisher = new BatchingPublisher({
      direct: new DirectPublisher({ api: this.api }),
      options: { order, maxInFlight, maxDelayMs: 1000, maxQueued, whenFull: 'wait' },
      limits: { maxEventsPerBatch, maxRequestBytes: 10_000 },
      maxConnections,
      deadlineMs: 10_000,
      maxCallMs: 10_000,
      clock: new ManualClock(),
      turn: new Turn(),
    });
  }

  async run(): Promise<void> {
    let step = 0;
    for (const id of this.plan.events.keys()) {
      this.#publish(id);
      if (id % this.plan.pace === 0) await this.#respondToOne((step += 1));
    }
    const flushed = this.#publisher.flush();
    await nextTurn();
    while (this.#open().length > 0) await this.#respondToOne((step += 1));
    await flushed;
  }

  #publish(id: number): void {
    const { channels = [], batch = false } = this.plan.events[id] ?? {};
    const event = { name: String(id), data: '', info: 'user_count' };
    const published = batch
      ? this.#publisher.publishBatch(channels.map((channel) => ({ ...event, channel })))
      : this.#publisher.publish({ ...event, channels });
    void published.then(
      (result) => this.outcomes.set(id, JSON.parse(JSON.stringify(result))),
      (error: { status: number }) => this.outcomes.set(id, error.status),
    );
  }

  #open(): HeldRequest[] {
    return this.api.requests.filter((request) => !this.#responded.has(request));
  }

  async #respondToOne(step: number): Promise<void> {
    const open = this.#open();
    if (open.length > this.plan.maxConnections) this.faults.push('too many requests');
    const response = this.plan.responses[step % this.plan.responses.length];
    const request = open[(response?.which ?? 0) % open.length];
    if (request === undefined) return nextTurn();
    this.#responded.add(request);
    const ids = request.events.map(Number);
    if (ids.length > Math.max(this.plan.maxEventsPerBatch, 3)) this.faults.push('too many events');
    if (response?.status === 503) return request.fail(rejection(503, request.request));
    if (ids.some((id) => this.plan.events[id]?.isInvalid))
      return request.fail(rejection(400, request.request));
    await this.#accept(request);
  }

  /** Accepts like a server, and returns each event's own number as the user count of its channel. */
  async #accept(held: HeldRequest): Promise<void> {
    const body = held.body as {
      name: string;
      channels?: string[];
      batch?: { name: string; channel: string }[];
    };
    for (const { name, channel } of body.batch ?? [])
      this.accepted.push({ id: Number(name), channel });
    const ids = held.events.map(Number);
    if (ids.some((id, at) => id < (ids[at - 1] ?? 0)) && this.plan.order === 'none')
      this.faults.push('a batch is not in order');
    for (const channel of body.channels ?? [])
      this.accepted.push({ id: Number(body.name), channel });
    await held.respond(
      body.batch === undefined
        ? { channels: Object.fromEntries((body.channels ?? []).map((c) => [c, count(body.name)])) }
        : { batch: body.batch.map(({ name }) => count(name)) },
    );
  }
}

/** The number of an event, as attributes of a channel. */
function count(name: string): { user_count: number } {
  return { user_count: Number(name) };
}

function expectedResult(id: number, { channels, batch }: Plan['events'][number]): unknown {
  const attributes = { userCount: id };
  return batch
    ? channels.map(() => attributes)
    : Object.fromEntries(channels.map((c) => [c, attributes]));
}

describe('BatchingPublisher, for any events and any responses', () => {
  it('settles each promise with its own outcome, keeps the promised order, loses nothing and repeats nothing', async () => {
    const property = fc.asyncProperty(PLANS, async (given) => {
      const play = new Play(given);
      await play.run();
      expect(play.faults).toEqual([]);
      // Either accepted exactly once, with a result, or not accepted, with an error.
      const acceptedIds = new Set(play.accepted.map(({ id }) => id));
      const pairs = play.accepted.map(({ id, channel }) => `${id} on ${channel}`);
      expect(new Set(pairs).size).toBe(pairs.length);
      for (const [id, event] of given.events.entries()) {
        const possible = acceptedIds.has(id)
          ? [expectedResult(id, event)]
          : [503, event.isInvalid && 400];
        expect(possible).toContainEqual(play.outcomes.get(id));
      }
      for (const [id, event] of given.events.entries()) {
        const order = play.accepted.filter((one) => one.id === id).map(({ channel }) => channel);
        expect(order).toEqual(acceptedIds.has(id) ? event.channels : []);
      }
      if (given.order === 'none') return;
      for (const name of ['a', 'b', 'c']) {
        const order = play.accepted.filter(({ channel }) => channel === name).map(({ id }) => id);
        expect(order).toEqual(order.toSorted((one, two) => one - two));
      }
    });
    await expect(fc.assert(property, { numRuns: 400 })).resolves.toBeUndefined();
  });
});
