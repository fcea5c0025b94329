import { DataSource } from 'typeorm';
import { PusherService } from '../../../../lib/index.js';
import { type Access, type Order, Orders } from '../orders.js';
import { connectTypeOrm, runWith } from './typeorm-source.js';

class TypeOrmOrders extends Orders {
  constructor(
    pusher: PusherService,
    private readonly source: DataSource,
  ) {
    super(pusher);
  }

  place(order: Order): Promise<void> {
    return this.pusher.holdEvents(() =>
      this.source.transaction((outer) =>
        this.placed(order, runWith(outer), () =>
          this.pusher.holdEvents(() =>
            outer.transaction((inner) => this.packed(order, runWith(inner))),
          ),
        ),
      ),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.source.destroy();
  }
}

export const access: Access = (address) => ({
  module: class TypeOrmModule {},
  providers: [
    { provide: DataSource, useFactory: () => connectTypeOrm(address) },
    {
      provide: Orders,
      inject: [PusherService, DataSource],
      useFactory: (pusher: PusherService, source: DataSource) => new TypeOrmOrders(pusher, source),
    },
  ],
});
