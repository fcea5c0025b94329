import { Logger, Module } from '@nestjs/common';
import { PusherModule } from 'nestjs-pusher-channels';
import { ChannelsServer } from '../../shared/channels-server.js';
import { ChannelsServerModule } from '../../shared/channels-server.module.js';
import { PageModule } from '../../shared/page.module.js';
import { Database } from './database.js';
import { Shop } from './shop.js';
import { ShopController } from './shop.controller.js';

const log = new Logger('Shop');

@Module({
  imports: [
    PageModule.of('05-emit'),
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => ({
        ...server.options,
        // Clients send the id of their connection in it, so that `toOthers` knows whom to leave out.
        socketIdHeader: 'x-socket-id',
        onFailure: ({ event, error }) => log.warn(`${event} was not delivered: ${error.message}`),
      }),
    }),
  ],
  controllers: [ShopController],
  providers: [Shop, { provide: Database, useFactory: () => Database.open() }],
})
export class AppModule {}
