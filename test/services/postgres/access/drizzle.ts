import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { PusherService } from '../../../../lib/index.js';
import { type Access, type Order, Orders, POOL_SIZE, type Run } from '../orders.js';

class DrizzleOrders extends Orders {
  readonly #db: NodePgDatabase;

  constructor(
    pusher: PusherService,
    private readonly pool: pg.Pool,
  ) {
    super(pusher);
    this.#db = drizzle({ client: pool });
  }

  place(order: Order): Promise<void> {
    return this.pusher.holdEvents(() =>
      this.#db.transaction((outer) =>
        this.placed(order, runWith(outer), () =>
          this.pusher.holdEvents(() =>
            outer.transaction((inner) => this.packed(order, runWith(inner))),
          ),
        ),
      ),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}

/** The statement with Drizzle's placeholders instead of `$1`. */
function runWith(transaction: Pick<NodePgDatabase, 'execute'>): Run {
  return (statement, values) => {
    const parts = statement.split(/\$\d/).map((part) => sql.raw(part));
    return transaction.execute(
      sql.join(parts.flatMap((part, at) => (at === 0 ? [part] : [sql`${values[at - 1]}`, part]))),
    );
  };
}

export const access: Access = (address) => ({
  module: class DrizzleModule {},
  providers: [
    {
      provide: Orders,
      inject: [PusherService],
      useFactory: (pusher: PusherService) =>
        new DrizzleOrders(pusher, new pg.Pool({ ...address, max: POOL_SIZE })),
    },
  ],
});
