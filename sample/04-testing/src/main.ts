import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';
import { AppModule } from './app.module.js';

// Without a server to talk to, the one of the tests will do.
process.env['PUSHER_URL'] ??= (await PusherTestServer.start()).url;

const app = await NestFactory.create(AppModule, { rawBody: true, logger: ['warn', 'error'] });
app.enableShutdownHooks();
await app.init();
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1').catch(async () => {
  new Logger('Testing').warn('The port is taken, so another one is used.');
  await app.listen(0, '127.0.0.1');
});
console.log(
  `\nListens on ${await app.getUrl()}. What it shows is in its tests: npm test -- test/samples/04. Ctrl-C ends it.\n`,
);
