import { NestFactory } from '@nestjs/core';
import { listen } from '../../shared/listen.js';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
const address = await listen(app);
console.log(`\nOpen ${address} and start the load. Press Ctrl-C to stop.\n`);
