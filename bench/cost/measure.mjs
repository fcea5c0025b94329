import { CONTENDERS } from '../contenders/index.mjs';
import { startServer, startWorker } from '../processes.mjs';
import { growth, rounds, slicedRounds } from '../rounds.mjs';
import { CALLS } from './calls.mjs';

const CALLERS = [1, 16, 128, 1000];
const BYTES = [100, 1000, 10_000];
const RULES = [1, 10, 100, 1000];
/** The number of callers for all comparisons except the one of callers. */
const BUSY = 128;
/** About a kilobyte of JSON is encrypted, a usual size of an event. */
const ENCRYPTED_BYTES = 1000;

/** Measures everything on loopback. `log` receives what is being measured. */
export async function measureCost({ rounds: roundCount, ms, memoryEvents }, log) {
  const server = await startServer('servers/loopback.mjs');
  const target = { host: '127.0.0.1', port: server.port, useTLS: false };
  const workers = {};
  for (const name of Object.keys(CONTENDERS)) workers[name] = await startWorker(name, target);
  const all = Object.values(workers);
  const { official, ours, batching } = workers;

  async function compare(who, task, settings) {
    // A first round is not counted: code is compiled, connections are made.
    await rounds(who, 1, task, settings);
    return rounds(who, roundCount, task, settings);
  }

  const triggers = {};
  for (const callers of CALLERS) {
    log(`triggers, ${callers} in flight`);
    triggers[callers] = await compare(all, 'load', { callers, ms });
  }
  log('latency, 1 in flight');
  const calm = await slicedRounds([ours, batching], 3 * roundCount, { callers: 1, ms });
  const payloads = {};
  for (const bytes of BYTES) {
    log(`triggers with ${bytes} bytes`);
    const settings = { callers: BUSY, bytes, ms };
    payloads[bytes] = await compare([official, ours, batching], 'load', settings);
  }
  log('encrypted triggers');
  const load = { callers: BUSY, bytes: ENCRYPTED_BYTES, encrypted: true, ms };
  const encrypted = await compare([official, ours, batching], 'load', load);
  const calls = {};
  for (const call of Object.keys(CALLS)) {
    log(`calls: ${call}`);
    calls[call] = await compare([official, ours], 'calls', { call, ms: ms / 2 });
  }
  log('channel rules');
  const bySize = {
    task: 'rules',
    sizes: RULES,
    settings: (count) => ({ rules: count, ms: ms / 2 }),
  };
  const rules = await growth(ours, bySize, roundCount);
  for (const worker of all) worker.stop();

  const memory = {};
  for (const name of ['official', 'ours', 'batching']) {
    log(`memory of ${name}`);
    const fresh = await startWorker(name, target);
    const first = await fresh.run('memory', { events: memoryEvents.first });
    const rest = { events: memoryEvents.last - memoryEvents.first };
    memory[name] = { first, last: await fresh.run('memory', rest) };
    fresh.stop();
  }
  server.stop();
  return { triggers, calm, payloads, encrypted, calls, rules, memory };
}
