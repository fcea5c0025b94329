// What `emit` costs its caller beside `trigger`, and what finding the sender of the current request adds to
// it. Nothing is sent, so that neither a server nor the network is measured.
import { Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PusherModule, PusherService } from 'nestjs-pusher-channels';
import { summary } from './statistics.mjs';

const CALLS = 100_000;
const ROUNDS = 15;
/** More for finding the sender is too much, in microseconds. */
const PROMISED_SENDER = 0.1;
const SENDER = '123.456';

const DATA = { id: 7 };
const WAYS = {
  trigger: (pusher) => pusher.trigger('orders', 'paid', DATA),
  emit: (pusher) => pusher.emit('orders', 'paid', DATA),
  'emit with socketId': (pusher) => pusher.emit('orders', 'paid', DATA, { socketId: SENDER }),
  'emit with toOthers': (pusher) => pusher.emit('orders', 'paid', DATA, { toOthers: true }),
};

/** Microseconds for each event, with what is done for it after the call. */
async function microsecondsPerEvent(publish, pusher) {
  const start = performance.now();
  let last;
  for (let made = 0; made < CALLS; made += 1) last = publish(pusher);
  await last;
  await pusher.flush();
  return ((performance.now() - start) * 1000) / CALLS;
}

/** Measures within a request, whose sender `toOthers` finds. */
class Measurement {
  constructor(pusher) {
    this.pusher = pusher;
  }

  async run() {
    const measured = Object.fromEntries(Object.keys(WAYS).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [name, publish] of Object.entries(WAYS))
        measured[name].push(await microsecondsPerEvent(publish, this.pusher));
    return measured;
  }
}
Controller()(Measurement);
Post()(Measurement.prototype, 'run', Object.getOwnPropertyDescriptor(Measurement.prototype, 'run'));
Reflect.defineMetadata('design:paramtypes', [PusherService], Measurement);

class AppModule {}
const imports = [PusherModule.forRoot({ delivery: 'off', socketIdHeader: 'x-socket-id' })];
Module({ imports, controllers: [Measurement] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
const headers = { 'x-socket-id': SENDER };
const response = await fetch(await app.getUrl(), { method: 'POST', headers });
const measured = await response.json();
await app.close();

const medians = Object.entries(measured).map(([name, values]) => [name, summary(values).median]);
for (const [name, median] of medians) console.log(`${median.toFixed(2).padStart(6)} µs  ${name}`);

const of = Object.fromEntries(medians);
// Round by round, so that a busy machine slows both.
const found = measured['emit with toOthers'].map(
  (value, at) => value - measured['emit with socketId'][at],
);
const sender = summary(found).median;
console.log(
  `emit takes ${(of.emit / of.trigger).toFixed(2)} × the time of trigger; promised is at most 1`,
);
console.log(
  `${sender.toFixed(3)} µs to find the sender; promised are less than ${PROMISED_SENDER}`,
);
process.exitCode = of.emit <= of.trigger && sender < PROMISED_SENDER ? 0 : 1;
