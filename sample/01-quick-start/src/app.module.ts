import { Module } from '@nestjs/common';
import { PusherModule } from 'nestjs-pusher-channels';
import { ChannelsServer } from './channels-server.js';
import { ChannelsServerModule } from './channels-server.module.js';
import { MessagesController } from './messages.controller.js';
import { PageController } from './page.controller.js';

@Module({
  imports: [
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => ({ url: server.url }),
    }),
    ChannelsServerModule,
  ],
  controllers: [MessagesController, PageController],
})
export class AppModule {}
