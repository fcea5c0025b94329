import { NestFactory } from '@nestjs/core';
import { listen } from '../../shared/listen.js';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['debug', 'warn', 'error'] });
const address = await listen(app);
console.log(`\nOpen ${address} in two tabs and order something. Press Ctrl-C to stop.\n`);
