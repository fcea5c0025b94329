import { register } from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import 'reflect-metadata';
import '@nestjs/core';
import '@nestjs/platform-express';

/** Prints the modules that an import adds to those of Nest. */
const { port1, port2 } = new MessageChannel();
register('./report-loads.mjs', {
  parentURL: import.meta.url,
  data: { port: port2 },
  transferList: [port2],
});
await import('nestjs-pusher-channels');
const loaded = [];
for (let next; (next = receiveMessageOnPort(port1));) loaded.push(next.message);
console.log(JSON.stringify(loaded));
port1.close();
