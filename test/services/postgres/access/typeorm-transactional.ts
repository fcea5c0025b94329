import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  StorageDriver,
  Transactional,
  addTransactionalDataSource,
  initializeTransactionalContext,
} from 'typeorm-transactional';
import { HoldEvents, PusherService } from '../../../../lib/index.js';
import { type Access, type Order, Orders } from '../orders.js';
import { connectTypeOrm, runWith } from './typeorm-source.js';

@Injectable()
class TransactionalOrders extends Orders {
  constructor(
    pusher: PusherService,
    private readonly source: DataSource,
  ) {
    super(pusher);
  }

  @HoldEvents()
  @Transactional()
  async place(order: Order): Promise<void> {
    await this.placed(order, runWith(this.source.manager), () => this.pack(order));
  }

  /** `Propagation.NESTED` of this library is a transaction on another connection; this is a savepoint. */
  @HoldEvents()
  pack(order: Order): Promise<void> {
    return this.source.manager.transaction((inner) => this.packed(order, runWith(inner)));
  }

  onApplicationShutdown(): Promise<void> {
    return this.source.destroy();
  }
}

export const access: Access = (address) => {
  initializeTransactionalContext({ storageDriver: StorageDriver.ASYNC_LOCAL_STORAGE });
  return {
    module: class TransactionalModule {},
    providers: [
      {
        provide: DataSource,
        useFactory: async () => addTransactionalDataSource(await connectTypeOrm(address)),
      },
      { provide: Orders, useClass: TransactionalOrders },
    ],
  };
};
