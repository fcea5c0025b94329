import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PusherModule, PusherService } from 'nestjs-pusher-channels';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';

@Injectable()
class Publisher {
  constructor(readonly pusher: PusherService<{ greeted: { name: string } }>) {}
}

async function main(): Promise<void> {
  const server = await PusherTestServer.start();
  @Module({ imports: [PusherModule.forRoot(server.options)], providers: [Publisher] })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  await app.get(Publisher).pusher.trigger('news', 'greeted', { name: 'CommonJS' });
  console.log((await server.nextPublished('greeted')).data);
  await app.close();
  await server.stop();
}

void main();
