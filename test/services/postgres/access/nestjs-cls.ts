import { Injectable, Module } from '@nestjs/common';
import {
  ClsPluginTransactional,
  Propagation,
  Transactional,
  TransactionHost,
} from '@nestjs-cls/transactional';
import { TransactionalAdapterTypeOrm } from '@nestjs-cls/transactional-adapter-typeorm';
import { ClsModule } from 'nestjs-cls';
import { DataSource } from 'typeorm';
import { HoldEvents, PusherService } from '../../../../lib/index.js';
import { type Access, type Order, Orders } from '../orders.js';
import { connectTypeOrm, runWith } from './typeorm-source.js';

@Injectable()
class ClsOrders extends Orders {
  constructor(
    pusher: PusherService,
    private readonly host: TransactionHost<TransactionalAdapterTypeOrm>,
    private readonly source: DataSource,
  ) {
    super(pusher);
  }

  @HoldEvents()
  @Transactional()
  async place(order: Order): Promise<void> {
    await this.placed(order, runWith(this.host.tx), () => this.pack(order));
  }

  @HoldEvents()
  @Transactional(Propagation.Nested)
  async pack(order: Order): Promise<void> {
    await this.packed(order, runWith(this.host.tx));
  }

  onApplicationShutdown(): Promise<void> {
    return this.source.destroy();
  }
}

export const access: Access = (address) => {
  @Module({
    providers: [{ provide: DataSource, useFactory: () => connectTypeOrm(address) }],
    exports: [DataSource],
  })
  class DatabaseModule {}

  const adapter = new TransactionalAdapterTypeOrm({ dataSourceToken: DataSource });
  const plugin = new ClsPluginTransactional({ imports: [DatabaseModule], adapter });
  return {
    module: class ClsOrdersModule {},
    imports: [DatabaseModule, ClsModule.forRoot({ plugins: [plugin] })],
    providers: [{ provide: Orders, useClass: ClsOrders }],
  };
};
