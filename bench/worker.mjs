import { CONTENDERS } from './contenders/index.mjs';
import { callsPerSecond } from './cost/calls.mjs';
import { load } from './cost/load.mjs';
import { memory } from './cost/memory.mjs';
import { rulesPerSecond } from './cost/rules.mjs';
import { atOnce, closedLoop, openLoop } from './distance/load.mjs';

/** One contender in a separate process: receives tasks, does them, sends back what it measured. */

const { name, target } = JSON.parse(process.argv[2]);
const contender = await CONTENDERS[name].make(target);

const TASKS = {
  load: (settings) => load(contender, settings),
  calls: ({ call, ms }) => callsPerSecond(contender, call, ms),
  rules: rulesPerSecond,
  memory: (settings) => memory(contender, settings),
  closedLoop: (settings) => closedLoop(contender, settings),
  openLoop: (settings) => openLoop(contender, settings),
  atOnce: (settings) => atOnce(contender, settings),
};

process.on('message', async ({ task, settings }) => {
  process.send({ result: await TASKS[task](settings) });
});
process.once('disconnect', () => process.exit());
process.send({ ready: true });
