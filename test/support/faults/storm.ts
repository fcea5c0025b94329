import { setImmediate as turn } from 'node:timers/promises';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherRequestError } from '../../../lib/errors/pusher-request.error.js';
import type { Api } from '../../../lib/http/api.js';
import { Secret } from '../../../lib/runtime/secret.js';
import { PusherTestServer } from '../../../lib/testing/index.js';
import { DelayProxy } from './delay-proxy.js';
import type { FaultName } from './plays.js';
import { seededRandom } from './random.js';
import { FaultServer } from './server.js';
import { rawClient, type RawClient } from '../raw/client.js';
import { rawOptions, type RawOptions } from '../raw/options.js';

/** Faults and how often they come, in thousandths; the rest passes. */
export type Weather = Partial<Record<FaultName, number>>;

/** How a trigger ended for its caller. */
export type Ending = 'accepted' | 'rejected' | 'not accepted' | 'maybe accepted' | 'server error';

export interface StormResult {
  /** The ending of each trigger, by its id. */
  readonly triggers: Map<string, Ending>;
  readonly queries: { succeeded: number; failed: number };
  /** How often the server accepted each event. */
  readonly delivered: Map<string, number>;
  /** Attempts that reached the server behind the faults, by event. */
  readonly forwarded: Map<string, number>;
  /** Faults that were played, by name. */
  readonly played: Map<string, number>;
  readonly openSocketsAfterClose: number;
  readonly pending: number;
  /** Sockets and timers that keep the process alive and did not before. */
  readonly leaked: number;
  readonly client: RawClient;
}

export interface Storm {
  readonly seed: number;
  readonly triggers: number;
  readonly queries: number;
  readonly callers: number;
  readonly weather: Weather;
  readonly options?: RawOptions;
  /** Takes the server down and up again while the storm blows. */
  readonly flapping?: boolean;
  /** How far away the server is, there and back, in milliseconds. */
  readonly roundTripMs?: number;
}

/** Sends triggers and queries through random faults, and returns how each ended. */
export async function blow(storm: Storm): Promise<StormResult> {
  const before = resources();
  const upstream = await PusherTestServer.start({ recordLimit: 100_000 });
  const random = seededRandom(storm.seed);
  const faults = await FaultServer.start(upstream.port, () => pick(storm.weather, random));
  const way = await DelayProxy.start(faults.port, storm.roundTripMs ?? 0);
  const { appId, key, secret } = upstream.options;
  const client = await rawClient(
    rawOptions({
      ...storm.options,
      appId,
      credentials: { key, secret: new Secret(secret) },
      endpoint: { origin: way.origin, appPath: `/apps/${appId}` },
    }),
  );
  const triggers = new Map<string, Ending>();
  const queries = { succeeded: 0, failed: 0 };
  const jobs = jobsOf(storm, random, {
    trigger: async (id) => void triggers.set(id, await trigger(client.api, id)),
    query: async () => void (queries[await query(client.api)] += 1),
  });
  const working = Promise.all(Array.from({ length: storm.callers }, () => work(jobs)));
  await (storm.flapping ? flap(faults, working) : working);
  await client.api.close(0);
  // What callers have given up may still be on its way.
  await way.idle();
  await faults.idle();
  const result = {
    triggers,
    queries,
    delivered: countBy(upstream.published(), ({ data }) => data),
    forwarded: countBy(
      faults.records.filter(({ forwarded, request }) => forwarded && request.method === 'POST'),
      ({ request }) => (JSON.parse(request.body.toString()) as { data: string }).data,
    ),
    played: countBy(faults.records, ({ fault }) => fault),
    pending: client.api.pending,
    client,
  };
  await until(() => faults.openSockets === 0);
  const openSocketsAfterClose = faults.openSockets;
  way.stop();
  await faults.stop();
  await upstream.stop();
  await until(() => resources() <= before);
  return { ...result, openSocketsAfterClose, leaked: resources() - before };
}

function pick(weather: Weather, random: () => number): FaultName {
  let roll = random() * 1000;
  for (const [name, weight] of Object.entries(weather) as [FaultName, number][]) {
    roll -= weight;
    if (roll < 0) return name;
  }
  return 'pass';
}

type Job = () => Promise<void>;

function jobsOf(
  { triggers, queries }: Storm,
  random: () => number,
  make: { trigger: (id: string) => Promise<void>; query: () => Promise<void> },
): Job[] {
  const jobs = [
    ...Array.from(
      { length: triggers },
      (_, at): Job =>
        () =>
          make.trigger(`event-${at}`),
    ),
    ...Array.from({ length: queries }, (): Job => make.query),
  ];
  return jobs
    .map((job) => ({ job, order: random() }))
    .toSorted((one, two) => one.order - two.order)
    .map(({ job }) => job);
}

async function work(jobs: Job[]): Promise<void> {
  for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) await job();
}

async function trigger(api: Api, id: string): Promise<Ending> {
  const body = JSON.stringify({ name: 'e', channels: ['c'], data: id });
  try {
    await api.request({ method: 'POST', path: '/events', body, idempotent: false });
    return 'accepted';
  } catch (error) {
    return endingOf(error);
  }
}

async function query(api: Api): Promise<'succeeded' | 'failed'> {
  try {
    await api.request({ method: 'GET', path: '/channels', idempotent: true });
    return 'succeeded';
  } catch (error) {
    endingOf(error);
    return 'failed';
  }
}

/** What an error promises. An error of any other kind is a bug of the library. */
function endingOf(error: unknown): Ending {
  if (error instanceof PusherConnectionError)
    return error.maybeAccepted ? 'maybe accepted' : 'not accepted';
  if (!(error instanceof PusherRequestError)) throw error;
  if (error.code === 'PUSHER_BAD_RESPONSE') return 'maybe accepted';
  return error.status === 500 ? 'server error' : 'rejected';
}

/** Takes the server down for a moment after each 500 requests, until all work is done. */
async function flap(faults: FaultServer, working: Promise<unknown>): Promise<void> {
  const done = working.then(() => 'done');
  for (let count = 500; ; count += 500) {
    const next = await Promise.race([faults.requests(count), done]);
    if (next === 'done') return;
    await faults.down();
    await turns(5);
    await faults.up();
  }
}

/** Ends when it is so, or after many turns of the event loop: the test reports what is left then. */
async function until(so: () => boolean): Promise<void> {
  for (let count = 0; count < 10_000 && !so(); count += 1) await turns(1);
}

async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await turn();
}

function resources(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(?:TCP|Timeout)/.test(name)).length;
}

function countBy<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  return counts;
}
