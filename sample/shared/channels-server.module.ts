import { Module } from '@nestjs/common';
import { ChannelsServer } from './channels-server.js';

@Module({
  providers: [{ provide: ChannelsServer, useFactory: () => ChannelsServer.start(process.env) }],
  exports: [ChannelsServer],
})
export class ChannelsServerModule {}
