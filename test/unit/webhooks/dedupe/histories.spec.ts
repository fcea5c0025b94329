import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { AppRegistry } from '../../../../lib/options/app-registry.js';
import type { PusherServer } from '../../../../lib/protocol/limits.js';
import { LIMITS } from '../../../../lib/protocol/limits.js';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { DedupeRegistry } from '../../../../lib/webhooks/dedupe/dedupe-registry.js';
import type { WebhookHandlerRegistry } from '../../../../lib/webhooks/handlers/handler-registry.js';
import { WebhookDispatcher } from '../../../../lib/webhooks/handlers/webhook-dispatcher.js';
import { Subscription, WebhookHandler } from '../../../../lib/webhooks/handlers/webhook-handler.js';
import { WebhookReceiver } from '../../../../lib/webhooks/receive/webhook-receiver.js';
import { seededRandom } from '../../../support/faults/random.js';
import { webhookApp } from '../../../support/webhooks/apps.js';
import { signedHeaders, TIME_MS } from '../../../support/webhooks/signing.js';
import { AtomicStore } from '../../../support/webhooks/stores.js';

const HISTORIES = 10_000;
const HANDLERS = ['one', 'two'];

/** Decides everything that happens in one history; the same seed, the same history. */
class Fate {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Removes one of the list, anywhere in it. */
  take<T>(list: T[]): T {
    return list.splice(this.below(list.length), 1)[0] as T;
  }
}

/** How often handlers have begun and finished events of a content, and how often it happened. */
class Truth {
  readonly happened = new Map<string, number>();
  readonly begun = new Map<string, number>();
  readonly finished = new Map<string, number>();

  add(counts: Map<string, number>, key: string): void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}

interface WireEvent {
  name: string;
  channel: string;
}

/** An instance of the application, as a function that responds to requests with a status. */
function instance(
  server: PusherServer,
  store: AtomicStore | undefined,
  fate: Fate,
  truth: Truth,
): (body: string) => Promise<number> {
  const clock = new ManualClock();
  const dedupe = { ttlMs: 600_000, ...(store && { store }) };
  const app = { ...webhookApp({ webhooks: { dedupe } }), server, limits: LIMITS[server] };
  const apps = new AppRegistry();
  apps.add(app);
  const handlers = HANDLERS.map((id) => {
    const call = async (_request: unknown, event: unknown): Promise<void> => {
      const { name, channel } = event as WireEvent;
      const key = `${id} ${name} ${channel}`;
      truth.add(truth.begun, key);
      for (let turns = fate.below(4); turns > 0; turns -= 1) await Promise.resolve();
      if (fate.chance(0.2)) throw new Error('not yet');
      truth.add(truth.finished, key);
    };
    const method = { mark: { subscriptions: [] }, className: 'A', methodName: id, call };
    return new WebhookHandler(id, [new Subscription({ names: ['*'] })], method);
  });
  const registry = { handlers } as unknown as WebhookHandlerRegistry;
  const dispatcher = new WebhookDispatcher(registry, new DedupeRegistry(clock), apps, clock);
  const receiver = new WebhookReceiver(apps, clock);
  return async (body) => {
    const webhook = receiver.receive({ headers: signedHeaders(body), rawBody: Buffer.from(body) });
    const { unfinished } = await dispatcher.dispatch(webhook);
    return unfinished.length > 0 ? 500 : 200;
  };
}

/** What happens at the server: alike events, many of them in the same millisecond. */
function happenings(fate: Fate, truth: Truth): WireEvent[] {
  const names = ['channel_occupied', 'channel_vacated', 'new_event'];
  return Array.from({ length: 1 + fate.below(6) }, () => {
    const event = { name: fate.one(names), channel: `c${fate.below(2)}` };
    for (const id of HANDLERS) truth.add(truth.happened, `${id} ${event.name} ${event.channel}`);
    return event;
  });
}

/**
 * The bodies of a server that sends webhooks again, as Pusher and sockudo do: events of one
 * millisecond are in one webhook, so that no two webhooks have equal bytes.
 */
function batches(events: WireEvent[], fate: Fate): string[] {
  const bodies: string[] = [];
  for (let timeMs = TIME_MS; events.length > 0; timeMs += 1 + fate.below(3))
    bodies.push(
      JSON.stringify({ time_ms: timeMs, events: events.splice(0, 1 + fate.below(events.length)) }),
    );
  return bodies;
}

/** Plays one history with a server that repeats what it has no 2xx for. */
async function playRepeating(server: PusherServer, seed: number): Promise<Truth> {
  const [fate, truth] = [new Fate(seed), new Truth()];
  const count = 1 + fate.below(3);
  const store = count > 1 || fate.chance(0.5) ? new AtomicStore() : undefined;
  const instances = Array.from({ length: count }, () => instance(server, store, fate, truth));
  const pending = batches(happenings(fate, truth), fate);
  while (pending.length > 0) {
    // Several deliveries at once, in any order, the same one sometimes to two instances.
    const sent = Array.from({ length: 1 + fate.below(Math.min(3, pending.length)) }, () =>
      fate.take(pending),
    );
    await Promise.all(
      sent.map(async (body) => {
        const targets = fate.chance(0.3) ? 2 : 1;
        const statuses = await Promise.all(
          Array.from({ length: targets }, () => fate.one(instances)(body)),
        );
        const isAccepted = statuses.includes(200) && !fate.chance(0.2);
        // Not accepted, or the response was lost on its way.
        if (!isAccepted) pending.push(body);
      }),
    );
  }
  return truth;
}

/** Plays one history with soketi, which sends each event alone, stamped with the same millisecond, once. */
async function playSoketi(seed: number): Promise<Truth> {
  const [fate, truth] = [new Fate(seed), new Truth()];
  const store = fate.chance(0.5) ? new AtomicStore() : undefined;
  const instances = Array.from({ length: store ? 2 : 1 }, () =>
    instance('soketi', store, fate, truth),
  );
  const bodies = happenings(fate, truth).map((event) =>
    JSON.stringify({ time_ms: TIME_MS, events: [event] }),
  );
  while (bodies.length > 0) {
    const sent = bodies.splice(0, 1 + fate.below(bodies.length));
    await Promise.all(sent.map((body) => fate.one(instances)(body)));
  }
  return truth;
}

function sorted(counts: Map<string, number>): [string, number][] {
  return [...counts].toSorted(([one], [two]) => one.localeCompare(two));
}

/** The histories that differ from the truth, as what was counted and what should have been. */
async function wrongHistories(
  play: (seed: number) => Promise<Truth>,
  counted: 'begun' | 'finished',
): Promise<string[]> {
  const wrong: string[] = [];
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const truth = await play(seed);
    const [is, should] = [sorted(truth[counted]), sorted(truth.happened)].map((list) =>
      JSON.stringify(list),
    );
    if (is !== should) wrong.push(`seed ${seed}: ${is} instead of ${should}`);
  }
  return wrong;
}

// The failures of the handlers fill the log otherwise.
beforeAll(() => Logger.overrideLogger(false));

describe(`in ${HISTORIES} histories`, () => {
  it('of servers that repeat and reorder webhooks, every event is finished once', async () => {
    const play = (seed: number) => playRepeating(seed % 2 === 0 ? 'pusher' : 'sockudo', seed);
    expect(await wrongHistories(play, 'finished')).toEqual([]);
  });

  it('of soketi, every event is handled once, however alike they are', async () => {
    expect(await wrongHistories(playSoketi, 'begun')).toEqual([]);
  });
});
