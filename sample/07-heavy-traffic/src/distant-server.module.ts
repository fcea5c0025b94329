import { Module } from '@nestjs/common';
import { DistantServer } from './distant-server.js';

@Module({
  providers: [{ provide: DistantServer, useFactory: () => DistantServer.start() }],
  exports: [DistantServer],
})
export class DistantServerModule {}
