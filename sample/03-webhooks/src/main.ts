import { NestFactory } from '@nestjs/core';
import { ChannelsServer } from '../../shared/channels-server.js';
import { listen } from '../../shared/listen.js';
import { AppModule } from './app.module.js';

// A webhook's signature is computed over the exact bytes of its body, so Nest has to keep them.
const app = await NestFactory.create(AppModule, { rawBody: true, forceCloseConnections: true });
const address = await listen(app);
app.get(ChannelsServer).sendWebhooksTo(`${address}/pusher/webhooks`);
console.log(
  `\nOpen ${address} in several tabs, and watch what is logged here. Press Ctrl-C to stop.\n`,
);
