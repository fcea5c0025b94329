import { NestFactory } from '@nestjs/core';
import { PusherModule } from '../../../lib/pusher.module.js';
import { PusherService } from '../../../lib/pusher.service.js';

/**
 * A program that triggers as many events at once as each message of its parent says, and responds with
 * the errors of those that failed. Takes the URL of the app as argument; all options are the defaults.
 */
const app = await NestFactory.createApplicationContext(
  PusherModule.forRoot({ url: process.argv[2] ?? '' }),
  { logger: false },
);
const pusher = app.get<PusherService>(PusherService);

process.on('message', (count: number) => {
  void Promise.all(
    Array.from({ length: count }, (_, at) => pusher.tryTrigger(`room-${at}`, 'e', { at })),
  ).then((results) =>
    process.send?.(results.flatMap((result) => (result.ok ? [] : [result.error.message]))),
  );
});
process.send?.('ready');
