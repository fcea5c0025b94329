// What @TriggerEvent costs beside the plain method, and beside a method that emits by itself. Nothing is
// sent, so that neither a server nor the network is measured.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PusherModule, PusherService, TriggerEvent } from 'nestjs-pusher-channels';
import { summary } from './statistics.mjs';

const CALLS = 100_000;
const ROUNDS = 9;
/** More per call is too much, in microseconds. */
const PROMISED = 3;

const CREATED = { event: 'created', channels: (room) => `rooms.${room.id}` };

class Rooms {
  plain(id) {
    return { id };
  }

  declared(id) {
    return { id };
  }

  unwanted(id) {
    return { id };
  }

  async plainAsync(id) {
    return { id };
  }

  async declaredAsync(id) {
    return { id };
  }
}

/** Decorates a method, without the syntax that Node does not have. */
function declare(name, options) {
  const descriptor = Object.getOwnPropertyDescriptor(Rooms.prototype, name);
  TriggerEvent(options)(Rooms.prototype, name, descriptor);
  Object.defineProperty(Rooms.prototype, name, descriptor);
}

class AppModule {}

async function startApp() {
  declare('declared', CREATED);
  declare('declaredAsync', CREATED);
  declare('unwanted', { ...CREATED, when: () => false });
  const imports = [PusherModule.forRoot({ delivery: 'off' })];
  Module({ imports, providers: [Rooms] })(AppModule);
  return NestFactory.createApplicationContext(AppModule, { logger: false });
}

/** Microseconds for each call; what is emitted is waited for. */
async function microsecondsPerCall(call, pusher) {
  const start = performance.now();
  for (let made = 0; made < CALLS; made += 1) await call(String(made % 1000));
  await pusher.flush();
  return ((performance.now() - start) * 1000) / CALLS;
}

const app = await startApp();
const [rooms, pusher] = [app.get(Rooms), app.get(PusherService)];

const CALLED = {
  'plain method': (id) => rooms.plain(id),
  'plain method, then emit': (id) => pusher.emit(`rooms.${id}`, 'created', rooms.plain(id)),
  '@TriggerEvent': (id) => rooms.declared(id),
  '@TriggerEvent, `when` returns false': (id) => rooms.unwanted(id),
  'async method': (id) => rooms.plainAsync(id),
  '@TriggerEvent on an async method': (id) => rooms.declaredAsync(id),
};

const measured = Object.fromEntries(Object.keys(CALLED).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, call] of Object.entries(CALLED))
    measured[name].push(await microsecondsPerCall(call, pusher));
await app.close();

const medians = Object.entries(measured).map(([name, values]) => [name, summary(values).median]);
for (const [name, median] of medians) console.log(`${median.toFixed(2).padStart(6)} µs  ${name}`);

const of = Object.fromEntries(medians);
const added = Math.max(
  of['@TriggerEvent'] - of['plain method'],
  of['@TriggerEvent on an async method'] - of['async method'],
);
console.log(`${added.toFixed(2)} µs added to a call; promised are less than ${PROMISED}`);
process.exitCode = added < PROMISED ? 0 : 1;
