import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { trustingEnvironment } from '../processes.mjs';
import { rounds } from '../rounds.mjs';

/** What is started: a process that triggers one event and ends. */
export const STARTS = {
  official: '`pusher`',
  officialInNest: '`pusher` in a Nest application',
  ours: 'this package, in a Nest application',
  batching: 'this package with batching',
};

const FILE = join(import.meta.dirname, 'one-event.mjs');

/** From the start of a process to its exit, in milliseconds. */
export async function measureStart({ place, settings, log }) {
  log('start, one event, exit');
  const contenders = Object.keys(STARTS).map((name) => ({
    name,
    async run() {
      const start = performance.now();
      const child = spawn(
        process.execPath,
        [FILE, JSON.stringify({ name, target: place.target })],
        {
          env: trustingEnvironment(),
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`${name} ended with ${code}`);
      return performance.now() - start;
    },
  }));
  return rounds(contenders, settings.startRounds);
}
