import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { handWritten } from './hand-written.mjs';
import { ours } from './ours.mjs';

/**
 * A Nest application with the two endpoints, in a separate process.
 *
 * Argument: JSON with `name` and `adapter`.
 */

const { name, adapter } = JSON.parse(process.argv[2]);
const MODULES = { official: handWritten, ours };
const options = { logger: false, rawBody: true };
const { module, handled } = MODULES[name]();
const app =
  adapter === 'fastify'
    ? await NestFactory.create(module, new FastifyAdapter(), options)
    : await NestFactory.create(module, options);
await app.listen(0, '127.0.0.1');

let usage = process.cpuUsage();

process.on('message', () => {
  const { user, system } = process.cpuUsage(usage);
  process.send({ result: { cpuMicroseconds: user + system, handled: handled() } });
  usage = process.cpuUsage();
});
process.once('disconnect', () => process.exit());
process.send({ port: app.getHttpServer().address().port });
