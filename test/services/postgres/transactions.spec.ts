import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { PusherMetrics } from '../../../lib/index.js';
import { PostgresServer } from '../../support/services/postgres-server.js';
import { type PusherClient, serverWithClients, settled } from '../../support/testing/clients.js';
import { CHANNELS, ORDERS, SCHEMA, type Step } from './orders.js';

/** A transaction that waits for ever ends with its application, so that the table can be dropped. */
const APPLICATION_MS = 50_000;

const setup = serverWithClients();

/** How the transaction is opened, and the file in `access` that does it. */
const ACCESSES = [
  ['@HoldEvents() above @Transactional() of typeorm-transactional', 'typeorm-transactional'],
  ['@HoldEvents() above @Transactional() of @nestjs-cls/transactional', 'nestjs-cls'],
  ["holdEvents() around TypeORM's transaction()", 'typeorm'],
  ["holdEvents() around Drizzle's transaction()", 'drizzle'],
  ['holdEvents() around BEGIN and COMMIT of pg', 'pg'],
];

let database: PostgresServer;
let reader: pg.Pool;

beforeAll(async () => {
  database = await PostgresServer.start();
  reader = new pg.Pool(database.address);
});
afterAll(async () => {
  await reader.end();
  await database[Symbol.asyncDispose]();
});
beforeEach(() => reader.query(SCHEMA));
afterEach(() => reader.query('DROP TABLE steps; DROP FUNCTION at_commit'));

async function stepsInDatabase(id?: number): Promise<Step[]> {
  const { rows } = await reader.query<Step>(
    'SELECT id, step FROM steps WHERE id = $1 OR $1 IS NULL ORDER BY id, at',
    [id],
  );
  return rows;
}

/** A client of one channel, and what it has received, in order. */
interface Subscriber {
  readonly client: PusherClient;
  readonly name: string;
  readonly received: Step[];
}

async function subscribe(name: string, onStep: (step: Step) => void): Promise<Subscriber> {
  const client = await setup().client();
  const channel = await setup().subscribed(client, name);
  const received: Step[] = [];
  channel.bind('order.changed', (step: Step) => {
    received.push(step);
    onStep(step);
  });
  return { client, name, received };
}

/** What the application prints. */
interface Outcome {
  rolledBack: number;
  metrics: PusherMetrics;
}

async function placeAll(access: string): Promise<Outcome> {
  const options = { timeout: APPLICATION_MS } as const;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      `--import=${import.meta.dirname}/../../support/processes/run-typescript.mjs`,
      `${import.meta.dirname}/application.ts`,
      access,
      setup().server.url,
      database.address.host,
    ],
    options,
  );
  return JSON.parse(stdout) as Outcome;
}

describe.each(ACCESSES)('%s', (_how, access) => {
  it('publishes what 500 concurrent transactions have committed, and nothing else', async () => {
    const readOnArrival = new Map<number, Promise<Step[]>>();
    const read = ({ id }: Step) => {
      if (!readOnArrival.has(id)) readOnArrival.set(id, stepsInDatabase(id));
    };
    const subscribers = await Promise.all(CHANNELS.map((name) => subscribe(name, read)));

    const { rolledBack, metrics } = await placeAll(access);
    await Promise.all(subscribers.map(({ client }) => settled(client)));

    const committed = ORDERS.filter(({ refusedBy }) => refusedBy === undefined);
    const expected = committed.flatMap(({ id, isSoldOut }): Step[] => [
      { id, step: 'placed' },
      ...(isSoldOut ? [] : [{ id, step: 'packed' } as const]),
      { id, step: 'confirmed' },
    ]);
    expect(await stepsInDatabase()).toEqual(expected);

    // Each connection received the events of its orders, and those of an order together and in order.
    for (const { name, received } of subscribers) {
      const ids = new Set(received.map(({ id }) => id));
      const steps = [...ids].flatMap((id) =>
        expected.filter((step) => step.id === id && ORDERS[id]?.channel === name),
      );
      expect(received).toEqual(steps);
    }
    expect(subscribers.flatMap(({ received }) => received)).toHaveLength(expected.length);

    // Whoever reads the database because of an event finds everything that it is about.
    const seen = await Promise.all(readOnArrival.values());
    expect(seen.flat().toSorted((one, other) => one.id - other.id)).toEqual(expected);
    expect(rolledBack).toBe(ORDERS.length - committed.length);
    expect(metrics).toMatchObject({ held: 0, failed: 0, sent: expected.length });
  });
});
