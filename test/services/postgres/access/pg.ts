import pg from 'pg';
import { PusherService } from '../../../../lib/index.js';
import { type Access, type Order, Orders, POOL_SIZE } from '../orders.js';

class PgOrders extends Orders {
  constructor(
    pusher: PusherService,
    private readonly pool: pg.Pool,
  ) {
    super(pusher);
  }

  place(order: Order): Promise<void> {
    return this.pusher.holdEvents(async () => {
      const client = await this.pool.connect();
      const run = (statement: string, values: readonly unknown[]) =>
        client.query(statement, [...values]);
      const pack = () =>
        this.pusher.holdEvents(() => savepoint(client, () => this.packed(order, run)));
      try {
        await transaction(client, () => this.placed(order, run, pack));
      } finally {
        client.release();
      }
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}

async function transaction(client: pg.PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function savepoint(client: pg.PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('SAVEPOINT packing');
  try {
    await work();
    await client.query('RELEASE SAVEPOINT packing');
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT packing');
    throw error;
  }
}

export const access: Access = (address) => ({
  module: class PgModule {},
  providers: [
    {
      provide: Orders,
      inject: [PusherService],
      useFactory: (pusher: PusherService) =>
        new PgOrders(pusher, new pg.Pool({ ...address, max: POOL_SIZE })),
    },
  ],
});
