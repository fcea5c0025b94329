import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import type { HttpService } from '@nestjs/axios';
import { NestFactory } from '@nestjs/core';
import { InjectPusherHttp, PusherError, PusherModule, PusherService } from 'nestjs-pusher-channels';

@Injectable()
class Publisher {
  constructor(
    readonly pusher: PusherService,
    @InjectPusherHttp() readonly http: HttpService,
  ) {}
}

@Module({ imports: [PusherModule.forRoot()], providers: [Publisher] })
class AppModule {}

/** Sends with undici and with axios, both of which are loaded late, and prints the name of an error. */
async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const { pusher, http } = app.get(Publisher);
  await pusher.trigger('news', 'over.undici', {});
  http.axiosRef.interceptors.request.use((request) => request);
  await pusher.trigger('private-encrypted-news', 'over.axios', {});
  const error: unknown = await pusher.trigger('no channel', 'x', {}).catch((caught) => caught);
  if (!(error instanceof PusherError)) throw error;
  console.log(error.name);
  await app.close();
}

void main();
