import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ChannelRules, PusherModule, PusherService } from 'nestjs-pusher-channels';
import { PusherTestServer } from 'nestjs-pusher-channels/testing';
import { ClassOfLibrary, DefaultPublisher, NamedPublisher } from './shared/publishers.js';

@Module({})
class AppModule {
  static with(imports: DynamicModule[], provider: Type): DynamicModule {
    return { module: AppModule, imports, providers: [provider] };
  }
}

const server = await PusherTestServer.start();
const create = (imports: DynamicModule[], provider: Type) =>
  NestFactory.createApplicationContext(AppModule.with(imports, provider), {
    logger: false,
    abortOnError: false,
  });

const eu = PusherModule.forRoot({ ...server.options, name: 'eu' });
const app = await create([eu], NamedPublisher);
await app.get(NamedPublisher).pusher.trigger('news', 'from.the.library', {});
console.log(ClassOfLibrary === PusherService ? 'one copy' : 'two copies');
console.log(server.published().map(({ event }) => event));
console.log(
  app
    .get(ChannelRules)
    .list()
    .map(({ pattern }) => pattern),
);
await app.close();

const failed = await create([PusherModule.forRoot(server.options)], DefaultPublisher).catch(
  (error: unknown) => error,
);
console.log(failed instanceof Error ? failed.message : 'It started.');
await server.stop();
