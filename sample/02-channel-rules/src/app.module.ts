import { Module, UseGuards } from '@nestjs/common';
import { PusherAuthController, PusherModule } from 'nestjs-pusher-channels';
import { ChannelAccess } from './channel-access.js';
import { ChannelsServer } from './channels-server.js';
import { ChannelsServerModule } from './channels-server.module.js';
import { PageController } from './page.controller.js';
import { Rooms } from './rooms.js';
import { RoomsController } from './rooms.controller.js';
import { StandInLogin } from './stand-in-login.guard.js';

@Module({
  imports: [
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => server.options,
    }),
    ChannelsServerModule,
  ],
  controllers: [
    PageController,
    RoomsController,
    PusherAuthController({ decorators: [UseGuards(StandInLogin)] }),
  ],
  providers: [ChannelAccess, Rooms],
})
export class AppModule {}
