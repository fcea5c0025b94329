import { Module } from '@nestjs/common';
import { PusherModule } from 'nestjs-pusher-channels';
import { ChannelsServer } from '../../shared/channels-server.js';
import { ChannelsServerModule } from '../../shared/channels-server.module.js';
import { PageModule } from '../../shared/page.module.js';
import { DistantServer } from './distant-server.js';
import { DistantServerModule } from './distant-server.module.js';
import { Traffic } from './traffic.js';
import { TrafficController } from './traffic.controller.js';

/** An app on the distant server. */
function distantApp(name: string, batching: boolean) {
  return PusherModule.forRootAsync({
    name,
    imports: [DistantServerModule],
    inject: [DistantServer],
    useFactory: (server: DistantServer) => ({ ...server.options, batching }),
  });
}

@Module({
  imports: [
    PageModule.of('07-heavy-traffic'),
    DistantServerModule,
    distantApp('single', false),
    distantApp('batching', true),
    // The app whose events the page receives.
    PusherModule.forRootAsync({
      imports: [ChannelsServerModule],
      inject: [ChannelsServer],
      useFactory: (server: ChannelsServer) => server.options,
    }),
  ],
  controllers: [TrafficController],
  providers: [Traffic],
})
export class AppModule {}
