import { measureEndpoints } from '../endpoints/measure.mjs';
import { startServer } from '../processes.mjs';
import { rounds } from '../rounds.mjs';
import { percentile } from '../statistics.mjs';
import { CASES, Place } from './place.mjs';
import { measureStart } from './start.mjs';
import { measureTunnels } from './tunnels.mjs';

const CALLERS = [1, 16, 128, 1000];
/** The open loop that is judged, and runs longer: a thousand events a second, a continent away. */
const LONG = { roundTripMs: 100, rate: 1000 };
const COLD_BURST = 1000;
const BURST = 5000;
/** With one caller, one channel is like fifty. */
const ONE_CALLER = ['official', 'ours', 'batching50'];

/**
 * A connection needs three round trips until its first response: TCP, TLS, the request. With many
 * callers, the TLS handshakes also need a millisecond of CPU time each.
 */
function warmUpMs(roundTripMs, callers) {
  return 5 * roundTripMs + 100 + callers;
}

/** What can be measured alone, in this order. The way to the server is always probed. */
export const SECTIONS = ['closed', 'open', 'burst', 'tunnels', 'start', 'endpoints'];

/** Measures everything at a distance. `log` receives what is being measured. */
export async function measureDistance(settings, log) {
  const wanted = (section) => settings.sections.includes(section);
  const server = await startServer('servers/distant.mjs', { useTLS: true });
  const results = {};
  const keep = (section, roundTripMs, result) =>
    (results[section] = { ...results[section], [roundTripMs]: result });
  for (const roundTripMs of settings.roundTripsMs) {
    const place = await Place.at(server, roundTripMs);
    const workers = {};
    for (const name of ['official', 'ours', 'batching'])
      workers[name] = await place.startWorker(name);
    const at = { place, workers, settings, log: (what) => log(`${roundTripMs} ms: ${what}`) };
    keep('probe', roundTripMs, await place.probe(settings.ms));
    if (wanted('closed')) keep('closed', roundTripMs, await closed(at));
    if (wanted('open')) keep('open', roundTripMs, await open(at));
    if (wanted('burst') && settings.burstsAtMs.includes(roundTripMs))
      keep('burst', roundTripMs, await bursts(at));
    for (const worker of Object.values(workers)) worker.stop();
    if (wanted('tunnels') && roundTripMs === settings.tunnelsAtMs)
      keep('tunnels', roundTripMs, await measureTunnels(at));
    if (wanted('start') && settings.startsAtMs.includes(roundTripMs))
      keep('start', roundTripMs, await measureStart(at));
    place.stop();
  }
  server.stop();
  if (wanted('endpoints')) results.endpoints = await measureEndpoints(settings, log);
  return results;
}

async function closed({ place, workers, settings, log }) {
  const results = {};
  // A p99 of fewer events than these would be that of one or two pauses of the machine.
  const oneCallerMs = Math.max(settings.oneCallerMs, place.roundTripMs * settings.oneCallerEvents);
  for (const callers of CALLERS) {
    log(`callers: ${callers}`);
    const names = callers === 1 ? ONE_CALLER : Object.keys(CASES);
    const samples = await rounds(place.contenders(workers, names), settings.rounds, 'closedLoop', {
      callers,
      warmUpMs: warmUpMs(place.roundTripMs, callers),
      ms: callers === 1 ? oneCallerMs : settings.ms,
      // A round of one caller has too few events for a p99 of its own.
      keepLatencies: callers === 1,
    });
    results[callers] = callers === 1 ? withCommonLatencies(samples) : samples;
  }
  return results;
}

/** Latencies of all rounds together. */
function withCommonLatencies(samples) {
  return Object.fromEntries(
    Object.entries(samples).map(([name, all]) => {
      const latencies = all.flatMap((sample) => sample.latencies).toSorted((one, two) => one - two);
      const common = { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
      return [name, all.map((sample) => ({ ...sample, ...common, latencies: undefined }))];
    }),
  );
}

async function open({ place, workers, settings, log }) {
  const results = {};
  for (const rate of settings.rates) {
    log(`${rate} events a second`);
    const long = place.roundTripMs === LONG.roundTripMs && rate === LONG.rate;
    results[rate] = await rounds(place.contenders(workers), 1, 'openLoop', {
      rate,
      warmUpMs: 1000,
      ms: long ? settings.longOpenMs : settings.openMs,
    });
  }
  return results;
}

async function bursts({ place, workers, settings, log }) {
  log(`${COLD_BURST} at once from a new process`);
  const cold = place.contenders(workers).map(({ name }) => ({
    name,
    async run(task, burst) {
      const worker = await place.startWorker(CASES[name].worker);
      const fresh = place.contenders({ [CASES[name].worker]: worker }, [name])[0];
      const result = await fresh.run(task, burst);
      worker.stop();
      return result;
    },
  }));
  const coldResults = await rounds(cold, settings.rounds, 'atOnce', { events: COLD_BURST });
  log(`${BURST} at once`);
  const warm = place.contenders(workers);
  const warmResults = await rounds(warm, settings.rounds, 'atOnce', { events: BURST });
  return { [COLD_BURST]: coldResults, [BURST]: warmResults };
}
