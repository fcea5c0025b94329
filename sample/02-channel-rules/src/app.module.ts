import { Module, UseGuards } from '@nestjs/common';
import { PusherAuthController, PusherModule } from 'nestjs-pusher-channels';
import { ChannelsServer } from '../../shared/channels-server.js';
import { ChannelsServerModule } from '../../shared/channels-server.module.js';
import { PageModule } from '../../shared/page.module.js';
import { ChannelAccess } from './channel-access.js';
import { DirectoryController } from './directory.controller.js';
import { Rooms } from './rooms.js';
import { RoomsController } from './rooms.controller.js';
import { StandInLogin } from './stand-in-login.guard.js';

@Module({
  imports: [
    PageModule.of('02-channel-rules'),
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => server.options,
    }),
  ],
  controllers: [
    DirectoryController,
    RoomsController,
    PusherAuthController({ decorators: [UseGuards(StandInLogin)] }),
  ],
  providers: [ChannelAccess, Rooms],
})
export class AppModule {}
