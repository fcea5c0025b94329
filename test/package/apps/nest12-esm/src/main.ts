import { createRequire } from 'node:module';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PusherModule, PusherService } from 'nestjs-pusher-channels';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

@Injectable()
class Publisher {
  constructor(readonly pusher: PusherService<{ greeted: { name: string } }>) {}
}

const server = await PusherTestServer.start();

@Module({ imports: [PusherModule.forRoot(server.options)], providers: [Publisher] })
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(0, '127.0.0.1');
await app.get(Publisher).pusher.trigger('news', 'greeted', { name: 'ESM' });
// A plugin that is CommonJS has to get the same class, or injection by class fails.
const required = createRequire(import.meta.url)('nestjs-pusher-channels') as {
  PusherService: typeof PusherService;
};
if (required.PusherService !== PusherService) throw new Error('There are two PusherService.');

console.log((await server.nextPublished('greeted')).data);
await app.close();
await server.stop();
