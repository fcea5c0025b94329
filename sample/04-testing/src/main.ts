import { NestFactory } from '@nestjs/core';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';
import { listen } from '../../shared/listen.js';
import { AppModule } from './app.module.js';

// When no server is named, the test server stands in for Pusher.
process.env['PUSHER_URL'] ??= (await PusherTestServer.start()).url;

const app = await NestFactory.create(AppModule, { rawBody: true, logger: ['warn', 'error'] });
const address = await listen(app);
console.log(
  `\nListening on ${address} until you press Ctrl-C. The point of this sample is its tests: npm test -- test/samples/04\n`,
);
