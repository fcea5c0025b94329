import { NestFactory } from '@nestjs/core';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';
import { AppModule } from './app.module.js';
import { Orders } from './orders.js';

/** Runs the README's first example as it stands: the app comes from the environment. */
const server = await PusherTestServer.start();
process.env['PUSHER_URL'] = server.url;

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
await app.get(Orders).pay('7');
console.log(JSON.stringify(server.published().map(({ event, channels }) => [event, channels])));

await app.close();
await server.stop();
