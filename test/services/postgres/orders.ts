import type { DynamicModule } from '@nestjs/common';
import type { PusherService } from '../../../lib/index.js';
import type { PostgresAddress } from '../../support/services/postgres-server.js';

/** An order, and what will go wrong with it. */
export interface Order {
  readonly id: number;
  readonly channel: string;
  /** Who rolls the transaction of the whole order back, if anybody: the work in it, or its COMMIT. */
  readonly refusedBy?: 'application' | 'commit' | undefined;
  /** Packing is rolled back, to its savepoint; the rest of the order stays. */
  readonly isSoldOut: boolean;
}

/** A step of an order: a row of the table, and the data of an event. */
export interface Step {
  readonly id: number;
  readonly step: 'placed' | 'packed' | 'confirmed';
}

/** Runs one statement in the current transaction. */
export type Run = (statement: string, values: readonly unknown[]) => Promise<unknown>;

export const CHANNELS = ['orders-north', 'orders-south', 'orders-west'];

const REFUSALS = ['application', undefined, undefined, 'commit', undefined, undefined] as const;

/**
 * A third of them is rolled back. A quarter of the nested transactions is, some of them within those.
 * Every channel has some of each.
 */
export const ORDERS: readonly Order[] = Array.from({ length: 500 }, (_, id) => ({
  id,
  channel: CHANNELS[id % CHANNELS.length] ?? '',
  refusedBy: REFUSALS[(id + Math.floor(id / 3)) % 6],
  isSoldOut: id % 4 === 1,
}));

/** Connections of each library's pool: transactions wait for one another, and overlap. */
export const POOL_SIZE = 20;

/** COMMIT takes 20 ms, so that whatever is published before it is read too early; and it may fail. */
export const SCHEMA = `
  CREATE TABLE steps (at serial, id integer, step text, PRIMARY KEY (id, step));
  CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_sleep(0.02);
      IF NEW.step = 'unpaid' THEN RAISE EXCEPTION 'order % is not paid', NEW.id; END IF;
      RETURN NULL;
    END
  $$;
  CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON steps DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.step IN ('confirmed', 'unpaid')) EXECUTE FUNCTION at_commit()`;

/** What the tests ask of an application, whatever it reaches the database with. */
export abstract class Orders {
  constructor(protected readonly pusher: PusherService) {}

  /** Places the order in one transaction, and packs it in one within that. */
  abstract place(order: Order): Promise<void>;

  /** @param pack runs `packed` in a transaction within this one */
  protected async placed(order: Order, run: Run, pack: () => Promise<void>): Promise<void> {
    await this.#record(order, 'placed', run);
    await pack().catch(() => undefined);
    await this.#record(order, 'confirmed', run);
    if (order.refusedBy === 'commit')
      await run("INSERT INTO steps VALUES (0, $1, 'unpaid')", [order.id]);
    if (order.refusedBy === 'application') throw new Error(`order ${order.id} is refused`);
  }

  protected async packed(order: Order, run: Run): Promise<void> {
    await this.#record(order, 'packed', run);
    // An error of the database: without the savepoint, the whole transaction would be lost.
    if (order.isSoldOut) await run('SELECT 1 / 0', []);
  }

  async #record({ id, channel }: Order, step: Step['step'], run: Run): Promise<void> {
    this.pusher.emit(channel, 'order.changed', { id, step } satisfies Step);
    await run('INSERT INTO steps (id, step) VALUES ($1, $2)', [id, step]);
  }
}

/** A way to the database: a module that provides `Orders`. */
export type Access = (address: PostgresAddress) => DynamicModule | Promise<DynamicModule>;
