import { afterEach, describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import type { PusherModuleOptions } from '../../../lib/options/pusher-module-options.js';
import type { PusherService } from '../../../lib/pusher.service.js';
import type { TriggerResult } from '../../../lib/trigger/trigger-options.js';
import { startPusher } from '../../support/nest/app-with-pusher.js';
import { type Fault, FaultyServer } from './faulty-server.js';

const CHANNELS = 50;
const CALLERS = 200;

/** How one trigger ended. */
type Outcome = { result: TriggerResult } | { error: unknown };

/** Numbers from 0 to 1 that look random and are the same at each run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Nine requests in ten succeed; the tenth has one of the faults. */
function faults(random: () => number): () => Fault {
  const all: Fault[] = ['busy', 'broken', 'dropped unread', 'dropped after accepting'];
  return () => (random() < 0.9 ? 'none' : (all[Math.floor(random() * all.length)] ?? 'none'));
}

/** One event in a hundred is invalid for the server. */
function isInvalid({ data }: { data: string }): boolean {
  return data === '{"invalid":true}';
}

function channelOf(event: number): string {
  return `presence-room-${event % CHANNELS}`;
}

const servers: FaultyServer[] = [];

async function start(server: FaultyServer, options: PusherModuleOptions): Promise<PusherService> {
  servers.push(server);
  const port = await server.start();
  const account = { appId: '1', key: 'key', secret: 'secret', host: '127.0.0.1', useTLS: false };
  return startPusher({ ...account, port, ...options });
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** Triggers all events; each caller triggers one after the other, and each event has its number as name. */
async function triggerAll(
  pusher: PusherService,
  events: number,
  random: () => number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const call = async (): Promise<void> => {
    while (next < events) {
      const event = next;
      next += 1;
      const data = { invalid: random() < 0.01 };
      const triggered = pusher.trigger(channelOf(event), String(event), data, {
        info: ['userCount'],
      });
      outcomes[event] = await triggered.then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return outcomes;
}

/** What is wrong with the outcome of an event that the server accepted that many times: an empty list if nothing is. */
function faultOf(event: number, outcome: Outcome | undefined, accepted: number): string[] {
  if (outcome === undefined) return [`${event} never settled`];
  if (accepted > 1) return [`${event} was sent ${accepted} times`];
  if ('result' in outcome) {
    if (accepted === 0) return [`${event} was lost`];
    const actual = JSON.stringify(outcome.result);
    const expected = JSON.stringify({ channels: { [channelOf(event)]: { userCount: event } } });
    return actual === expected ? [] : [`${event} got the result ${actual}`];
  }
  const { error } = outcome;
  if (error instanceof PusherConnectionError)
    return accepted === 1 && !error.maybeAccepted
      ? [`${event} was accepted although its error says it was not`]
      : [];
  if (error instanceof PusherRequestError)
    return accepted === 1 ? [`${event} was accepted and rejected`] : [];
  return [`${event} failed with ${String(error)}`];
}

describe.each([
  [10_000, 'in batches', true],
  [10_000, 'in batches with few requests in flight', { order: 'channel', maxInFlight: 2 }],
  [10_000, 'in batches that keep the order within each channel', { order: 'channel' }],
  [2000, 'one by one', false],
] as const)(
  '%i events on 50 channels from 200 callers to a faulty server, sent %s,',
  (events, _how, batching) => {
    it('get the right result each, stay in the promised order, and are neither lost nor repeated', async () => {
      const random = seeded(20_260_101);
      const server = new FaultyServer(faults(random), isInvalid);
      const pusher = await start(server, {
        batching,
        retry: { baseDelayMs: 1, maxDelayMs: 4, maxAttempts: 2 },
      });
      const outcomes = await triggerAll(pusher, events, random);

      const accepted = new Map<number, number>();
      for (const { name } of server.accepted)
        accepted.set(Number(name), (accepted.get(Number(name)) ?? 0) + 1);
      const wrong = Array.from({ length: events }, (_, event) =>
        faultOf(event, outcomes[event], accepted.get(event) ?? 0),
      );
      expect(wrong.flat()).toEqual([]);

      const disordered = Array.from({ length: CHANNELS }, (_, at) => {
        const names = server.accepted.filter(({ channel }) => channel === channelOf(at));
        const order = names.map(({ name }) => Number(name));
        return order.every((event, place) => place === 0 || event > (order[place - 1] ?? 0))
          ? 0
          : 1;
      }).reduce<number>((sum, one) => sum + one, 0);
      expect(typeof batching === 'object' ? disordered : 0).toBe(0);

      // The test proves something only if every fault occurred and most events succeeded.
      expect(Object.keys(server.faults)).toHaveLength(5);
      expect(accepted.size).toBeGreaterThan(events * 0.8);
      expect(server.requests).toBeLessThan(batching ? events : events * 2);
    }, 240_000);
  },
);
