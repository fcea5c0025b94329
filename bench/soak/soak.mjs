import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getPusherToken, PusherModule, PusherService } from 'nestjs-pusher-channels';
import { signWebhook } from 'nestjs-pusher-channels/testing';
import { startServer } from '../processes.mjs';
import { verdict } from './verdict.mjs';

/**
 * npm run soak -- [--seconds 60] [--callers 64] [--rtt 20]
 *
 * Keeps an application under load, against a server that sometimes fails, and samples heap, handles
 * and connections each second. The exit code is 1 when one of them grows. With `--rtt`, the server is
 * so many milliseconds away, there and back.
 */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    callers: { type: 'string', default: '64' },
    rtt: { type: 'string', default: '0' },
  },
});
const [seconds, callers] = [Number(values.seconds), Number(values.callers)];
const roundTripMs = Number(values.rtt);

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc');

const CREDENTIALS = { key: 'soak-key', secret: 'soak-secret-soak-secret' };

const server = fork(join(import.meta.dirname, 'server.mjs'));
const { port: targetPort } = await new Promise((resolve) => {
  server.once('message', resolve);
});
const proxy =
  roundTripMs > 0
    ? await startServer('servers/delay-proxy.mjs', { targetPort, roundTripMs })
    : undefined;
let serverStatus = { connections: 0, requests: 0 };
server.on('message', (message) => (serverStatus = message));

const common = {
  ...CREDENTIALS,
  appId: 'soak',
  host: '127.0.0.1',
  port: proxy?.port ?? targetPort,
  useTLS: false,
  timeoutMs: 1000,
  encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64'),
  retry: { baseDelayMs: 5, maxDelayMs: 50 },
  webhooks: { dedupe: true },
};

class SoakModule {}
Module({
  imports: [
    PusherModule.forRoot(common),
    PusherModule.forRoot({ ...common, name: 'batching', batching: true }),
  ],
})(SoakModule);

const app = await NestFactory.createApplicationContext(SoakModule, { logger: ['warn', 'error'] });
const direct = app.get(PusherService);
const batching = app.get(getPusherToken('batching'));

const counts = { succeeded: 0, failed: 0 };
const data = { id: 1, text: 'x'.repeat(200) };
const webhook = signWebhook(
  { events: [{ name: 'channel_occupied', channel: 'soak' }] },
  CREDENTIALS,
);

const WORK = [
  (n) => direct.trigger(`soak-${n % 50}`, 'e', data),
  (n) => batching.trigger(`soak-${n % 50}`, 'e', data),
  (n) => batching.trigger(`soak-${n % 50}`, 'e', data),
  (n) => batching.trigger(`private-encrypted-soak-${n % 50}`, 'e', data),
  () => direct.triggerBatch([0, 1, 2].map((at) => ({ channel: `b-${at}`, event: 'e', data }))),
  () => direct.channels({ prefix: 'presence-', info: ['userCount'] }),
  (n) => direct.channel(`soak-${n}`),
  (n) => direct.authorizeChannel('1.2', `presence-${n}`, { userId: String(n) }),
  (n) => direct.authenticateUser('1.2', { id: String(n) }),
  () => direct.receiveWebhook({ headers: webhook.headers, rawBody: webhook.body }),
];

const end = new AbortController();

async function call(caller) {
  for (let n = caller; !end.signal.aborted; n += callers) {
    try {
      await WORK[n % WORK.length](n);
      counts.succeeded += 1;
    } catch (error) {
      if (typeof error?.code !== 'string' || !error.code.startsWith('PUSHER_')) throw error;
      counts.failed += 1;
    }
    // Calls that only compute must not block the others.
    if (n % 7 === 0) await pause(0);
  }
}

function sampleAt(second) {
  collectGarbage();
  const heap = process.memoryUsage().heapUsed;
  const handles = process.getActiveResourcesInfo().length;
  return { second, heap, handles, connections: serverStatus.connections };
}

const load = Promise.all(Array.from({ length: callers }, (_, at) => call(at)));
const samples = [];
for (let second = 1; second <= seconds; second += 1) {
  await Promise.race([pause(1000), load]);
  const sample = sampleAt(second);
  samples.push(sample);
  if (second % 5 === 0 || second === seconds)
    process.stdout.write(
      `${String(second).padStart(4)} s  heap ${(sample.heap / 2 ** 20).toFixed(1)} MiB  handles ${sample.handles}  connections ${sample.connections}  done ${counts.succeeded}  failed ${counts.failed}\n`,
    );
}
end.abort();
await load;
await app.close();
server.disconnect();
proxy?.stop();
await pause(200);
const left = process.getActiveResourcesInfo().filter((name) => /^(?:TCP|Timeout)/.test(name));

const { lines, flat } = verdict(samples, left);
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = flat ? 0 : 1;
