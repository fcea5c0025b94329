import { startServer, startWorker } from '../processes.mjs';
import { rounds } from '../rounds.mjs';

const CALLERS = [1, 128];

/** Callers whose requests go through an HTTP proxy, which stands beside them. */
export async function measureTunnels({ place, settings, log }) {
  const proxy = await startServer('servers/connect-proxy.mjs');
  const target = { ...place.target, proxy: `http://127.0.0.1:${proxy.port}` };
  const workers = {};
  for (const name of ['official', 'ours', 'batching'])
    workers[name] = await startWorker(name, target);
  const contenders = place
    .contenders(workers, ['official', 'ours', 'batching50'])
    .map(({ name, run }) => ({
      name,
      async run(task, load) {
        await proxy.run('tunnels');
        const result = await run(task, load);
        return { ...result, ...(await proxy.run('tunnels')) };
      },
    }));
  const results = {};
  for (const callers of CALLERS) {
    log(`through an HTTP proxy, callers: ${callers}`);
    const load = { callers, warmUpMs: 5 * place.roundTripMs + 100, ms: settings.ms };
    results[callers] = await rounds(contenders, settings.rounds, 'closedLoop', load);
  }
  for (const worker of Object.values(workers)) worker.stop();
  proxy.stop();
  return results;
}
