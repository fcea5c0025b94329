import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { ChannelsServer } from './channels-server.js';

// Signatures are made over bytes, so the bytes have to be kept.
const app = await NestFactory.create(AppModule, { rawBody: true, forceCloseConnections: true });
app.enableShutdownHooks();
await app.init();
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1').catch(async () => {
  new Logger('Webhooks').warn('The port is taken, so another one is used.');
  await app.listen(0, '127.0.0.1');
});
const address = await app.getUrl();
await app.get(ChannelsServer).start(`${address}/pusher/webhooks`);
console.log(`\nOpen ${address} in several tabs, and watch what is printed here. Ctrl-C ends it.\n`);
