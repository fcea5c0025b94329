import { Module } from '@nestjs/common';
import { PusherModule } from 'nestjs-pusher-channels';
import { ChannelsServer } from '../../shared/channels-server.js';
import { ChannelsServerModule } from '../../shared/channels-server.module.js';
import { events } from '../events.js';
import { BuiltPage } from './built-page.js';
import { OrdersController } from './orders.controller.js';
import { PageController } from './page.controller.js';

@Module({
  imports: [
    ChannelsServerModule,
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => ({ ...server.options, events }),
    }),
  ],
  controllers: [PageController, OrdersController],
  providers: [{ provide: BuiltPage, useFactory: () => BuiltPage.build() }],
})
export class AppModule {}
