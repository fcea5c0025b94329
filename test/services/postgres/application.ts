import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PusherModule, PusherService } from '../../../lib/index.js';
import { type Access, ORDERS, Orders } from './orders.js';

/**
 * A program that places all orders at once, and prints as JSON how many were rolled back and what has
 * become of the events. It is a process of its own because Jest cannot load `@nestjs-cls/transactional`.
 */
const [, , name = '', url = '', host = ''] = process.argv;
const { access } = (await import(`./access/${name}.js`)) as { access: Access };

@Module({
  imports: [
    PusherModule.forRoot({ url, batching: { order: 'channel' } }),
    await access({ host, user: 'postgres', database: 'postgres' }),
  ],
})
class AppModule {}

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['warn', 'error'] });
const [pusher, orders] = [app.get(PusherService), app.get(Orders, { strict: false })];
const outcomes = await Promise.allSettled(ORDERS.map((order) => orders.place(order)));
await pusher.flush();
const rolledBack = outcomes.filter(({ status }) => status === 'rejected').length;
console.log(JSON.stringify({ rolledBack, metrics: pusher.metrics() }));
await app.close();
