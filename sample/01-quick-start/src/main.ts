import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['debug', 'warn', 'error'] });
app.enableShutdownHooks();
await app.init();
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1').catch(async () => {
  new Logger('QuickStart').warn('The port is taken, so another one is used.');
  await app.listen(0, '127.0.0.1');
});
console.log(`\nOpen ${await app.getUrl()} in two tabs and write something. Ctrl-C ends it.\n`);
