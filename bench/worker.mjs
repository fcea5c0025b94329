import { callsPerSecond } from './calls.mjs';
import { CONTENDERS } from './contenders/index.mjs';
import { load } from './load.mjs';
import { rulesPerSecond } from './rules.mjs';

/** One contender in a separate process: receives tasks, does them, sends back what it measured. */

const { name, port } = JSON.parse(process.argv[2]);
const contender = await CONTENDERS[name].make({ port });

/** Megabytes in use after garbage collection. */
async function memory({ events }) {
  await load(contender, { callers: 128, events });
  // Twice: objects that the first collection finds unreachable are freed by the second.
  for (let times = 0; times < 2; times += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: (heapUsed + external) / 2 ** 20, rss: rss / 2 ** 20 };
}

const TASKS = {
  load: (settings) => load(contender, settings),
  calls: ({ call, ms }) => callsPerSecond(contender, call, ms),
  rules: rulesPerSecond,
  memory,
};

process.on('message', async ({ task, settings }) => {
  process.send({ result: await TASKS[task](settings) });
});
process.once('disconnect', () => process.exit());
process.send({ ready: true });
