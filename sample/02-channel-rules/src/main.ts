import { NestFactory } from '@nestjs/core';
import { listen } from '../../shared/listen.js';
import { AppModule } from './app.module.js';

// Debug lines show which rules there are, and why somebody was refused.
const app = await NestFactory.create(AppModule, { logger: ['debug', 'warn', 'error'] });
const address = await listen(app);
console.log(`\nOpen ${address} in two tabs, as different people. Press Ctrl-C to stop.\n`);
