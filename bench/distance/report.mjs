import { ADAPTERS, REQUESTS } from '../endpoints/measure.mjs';
import { ratio, summary } from '../statistics.mjs';
import { medianOf, millis, pick, times, whole } from '../tables.mjs';
import { CASES, measuredRoundTrip } from './place.mjs';
import { closedCells, levelCells } from './promised.mjs';
import { STARTS } from './start.mjs';

const NAMES = Object.keys(CASES);
const TITLES = NAMES.map((name) => CASES[name].title);
/** With fewer callers, sockets and CPU time say little. */
const BUSY = 128;

/** The tables of the distance part that have been measured, by name. */
export function distanceTables({ results, promised }) {
  const tables = {
    'distance-promised': promisedTable(promised),
    'distance-closed': results.closed && closedTable(results),
    'distance-latency': results.closed && latencyTable(results),
    'distance-cost': results.closed && costTable(results),
    'distance-open': results.open && openTable(results.open),
    'distance-open-sockets': results.open && openSocketsTable(results.open),
    'distance-burst': results.burst && burstTable(results.burst),
    'distance-tunnels': results.tunnels && tunnelsTable(results.tunnels),
    'distance-start': results.start && startTable(results.start),
    endpoints: results.endpoints && endpointsTable(results.endpoints),
    'distance-way': wayTable(results),
  };
  return Object.fromEntries(Object.entries(tables).filter(([, table]) => table !== undefined));
}

/** A sentence that says where the official package is level. */
export function levelSentence(results) {
  const level = levelCells(results);
  if (level.length === 0)
    return 'Without batching, the official package is level in none of these cases.';
  const distances = [...new Set(level.map(({ ms }) => ms))];
  const places = distances.map((distance) => {
    const callers = level.filter(({ ms }) => ms === distance).map((cell) => whole(cell.callers));
    return `at ${distance} ms with ${callers.join(', ')} ${callers.at(-1) === '1' ? 'caller' : 'callers'}`;
  });
  return `Without batching, the official package is level, within five per cent, ${places.join('; ')}.`;
}

function promisedTable(promised) {
  return {
    title: 'At a distance',
    head: ['figure', 'worst case', 'where', 'promised', 'met'],
    rows: promised.map(({ figure, worst, where, wanted, met }) => [
      figure,
      worst,
      where,
      wanted,
      met ? 'yes' : 'NO',
    ]),
  };
}

/** What is said of events that did not arrive, or arrived twice: nothing if there are none. */
function faults(samples) {
  const sum = (field) => samples.reduce((total, sample) => total + sample[field], 0);
  const [lost, doubled] = [sum('lost'), sum('doubled')];
  return `${lost > 0 ? `, **${whole(lost)} lost**` : ''}${doubled > 0 ? `, **${whole(doubled)} doubled**` : ''}`;
}

function closedTable(results) {
  return {
    title: 'Events per second',
    head: ['round trip', 'callers', 'callers / round trip', ...TITLES],
    rows: closedCells(results).map(({ ms, callers, samples }) => [
      `${ms} ms`,
      whole(callers),
      ms === 0 ? '' : whole((callers / measuredRoundTrip(results, ms)) * 1000),
      ...NAMES.map((name) => (name in samples ? rateCell(samples, name) : '')),
    ]),
  };
}

function rateCell(samples, name) {
  const rate = whole(medianOf(samples[name], 'perSecond')) + faults(samples[name]);
  if (name === 'official') return rate;
  const compared = ratio(pick(samples[name], 'perSecond'), pick(samples.official, 'perSecond'));
  return `${rate} (${times(compared.median)})`;
}

/** A table with a row for each closed loop, and a column for each case. */
function byCase(title, results, cellOf, least = 1) {
  return {
    title,
    head: ['round trip', 'callers', ...TITLES],
    rows: closedCells(results)
      .filter(({ callers }) => callers >= least)
      .map(({ ms, callers, samples }) => [
        `${ms} ms`,
        whole(callers),
        ...NAMES.map((name) => (name in samples ? cellOf(samples[name]) : '')),
      ]),
  };
}

function p50AndP99(samples) {
  return `${millis(medianOf(samples, 'p50'))} / ${millis(medianOf(samples, 'p99'))}`;
}

function latencyTable(results) {
  return byCase('Latency, p50 / p99 in ms', results, p50AndP99);
}

function costTable(results) {
  return byCase(
    'Sockets at the server, and CPU time of the client in µs per event',
    results,
    (samples) =>
      `${whole(medianOf(pick(samples, 'sockets'), 'most'))} / ${whole(medianOf(samples, 'cpuMicroseconds'))}`,
    BUSY,
  );
}

function byRate(title, open, cellOf) {
  return {
    title,
    head: ['round trip', 'events a second', ...TITLES],
    rows: Object.entries(open).flatMap(([ms, rates]) =>
      Object.entries(rates).map(([rate, samples]) => [
        `${ms} ms`,
        whole(Number(rate)),
        ...NAMES.map((name) => cellOf(samples[name])),
      ]),
    ),
  };
}

function openTable(open) {
  return byRate(
    'Open loop: latency, p50 / p99 in ms',
    open,
    (samples) => p50AndP99(samples) + faults(samples),
  );
}

function openSocketsTable(open) {
  return byRate(
    'Open loop: sockets used at once / in all, and share of a core',
    open,
    ([{ sockets, cpuShare }]) =>
      `${whole(sockets.most)} / ${whole(sockets.used)}, ${(100 * cpuShare).toFixed(0)} %`,
  );
}

function burstTable(burst) {
  const cell = (samples) => {
    const sockets = whole(medianOf(pick(samples, 'sockets'), 'most'));
    return `${whole(medianOf(samples, 'elapsedMs'))} ms, ${sockets} sockets${faults(samples)}`;
  };
  return {
    title: 'Bursts: time until the last response, and sockets at the server',
    head: ['round trip', 'events at once', ...TITLES],
    rows: Object.entries(burst).flatMap(([ms, sizes]) =>
      Object.entries(sizes).map(([size, samples]) => [
        `${ms} ms`,
        `${whole(Number(size))}${size === '1000' ? ', new process' : ''}`,
        ...NAMES.map((name) => cell(samples[name])),
      ]),
    ),
  };
}

function tunnelsTable(tunnels) {
  return {
    title: 'Through an HTTP proxy: events per second, and tunnels made',
    head: ['round trip', 'callers', '`pusher`', 'this package', 'with batching'],
    rows: Object.entries(tunnels).flatMap(([ms, byCallers]) =>
      Object.entries(byCallers).map(([callers, samples]) => [
        `${ms} ms`,
        callers,
        ...['official', 'ours', 'batching50'].map(
          (name) =>
            `${rateCell(samples, name)}, ${whole(medianOf(samples[name], 'tunnels'))} tunnels`,
        ),
      ]),
    ),
  };
}

function startTable(start) {
  return {
    title: 'Start of a process, one event, exit: ms',
    head: ['', ...Object.keys(start).map((ms) => `${ms} ms away`)],
    rows: Object.entries(STARTS).map(([name, title]) => [
      title,
      ...Object.values(start).map((samples) => whole(summary(samples[name]).median)),
    ]),
  };
}

function endpointsTable(endpoints) {
  return {
    title: 'Endpoints: responses per second, compared with controllers over pusher',
    head: ['', ...ADAPTERS],
    rows: Object.entries(REQUESTS).map(([kind, { title }]) => [
      title,
      ...ADAPTERS.map((adapter) => rateCell(endpoints[adapter][kind], 'ours')),
    ]),
  };
}

/** What the server and the delay proxy can do, beside what was asked of them at most. */
function wayTable({ probe, closed = {} }) {
  return {
    title: 'The way to the server',
    head: [
      'round trip',
      'as measured',
      'requests/s it carries',
      'most requests/s of a contender',
      'busiest server, share of a core',
      'busiest delay proxy',
    ],
    rows: Object.entries(probe).map(([ms, { roundTripMs, requestsPerSecond }]) => {
      const samples = Object.values(closed[ms] ?? {}).flatMap((cases) =>
        Object.values(cases).flat(),
      );
      const most = (field) => Math.max(0, ...pick(samples, field));
      const share = (field) => `${(100 * most(field)).toFixed(0)} %`;
      return [
        `${ms} ms`,
        `${roundTripMs.toFixed(1)} ms`,
        whole(requestsPerSecond),
        whole(most('requestsPerSecond')),
        share('serverShare'),
        share('proxyShare'),
      ];
    }),
  };
}
