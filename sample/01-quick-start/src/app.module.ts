import { Module } from '@nestjs/common';
import { PusherModule } from 'nestjs-pusher-channels';
import { ChannelsServer } from '../../shared/channels-server.js';
import { ChannelsServerModule } from '../../shared/channels-server.module.js';
import { PageModule } from '../../shared/page.module.js';
import { MessagesController } from './messages.controller.js';

@Module({
  imports: [
    PageModule.of('01-quick-start'),
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => server.options,
    }),
  ],
  controllers: [MessagesController],
})
export class AppModule {}
