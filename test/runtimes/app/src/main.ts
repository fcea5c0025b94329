import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { rawBody: true });
// Without a list Nest also listens to signals that Deno does not allow.
app.enableShutdownHooks(['SIGINT', 'SIGTERM']);
await app.listen(0, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
