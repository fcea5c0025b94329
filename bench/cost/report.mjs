import { CONTENDERS } from '../contenders/index.mjs';
import { ratio, summary } from '../statistics.mjs';
import { medianOf, millis, pick, times, timesWithRange, whole } from '../tables.mjs';

/** The tables of the cost part, by name. */
export function costTables({ results, promised, settings }) {
  return {
    'cost-promised': {
      title: 'Loopback',
      head: ['figure', 'ratio', 'promised', 'met'],
      rows: promised.map(({ figure, wanted, met, ...value }) => [
        figure,
        timesWithRange(value),
        wanted,
        met ? 'yes' : 'NO',
      ]),
    },
    'cost-callers': compared('callers', results.triggers, (callers) => whole(callers)),
    'cost-absolute': absolute(results),
    'cost-bytes': compared('bytes of an event, 128 callers', results.payloads, (bytes) =>
      whole(bytes),
    ),
    'cost-calls': calls(results.calls),
    'cost-rules': rules(results.rules),
    'cost-memory': memory(results.memory, settings.memoryEvents),
  };
}

/** Events per second compared with the official package, for several sizes. */
function compared(what, bySize, show) {
  const sizes = Object.keys(bySize).map(Number);
  const names = Object.keys(bySize[sizes[0]]).filter((name) => name !== 'official');
  return {
    title: `Events per second, compared with pusher: ${what}`,
    head: [what, ...sizes.map(show)],
    rows: names.map((name) => [
      CONTENDERS[name].title,
      ...sizes.map((size) => {
        const { [name]: samples, official } = bySize[size];
        return times(ratio(pick(samples, 'perSecond'), pick(official, 'perSecond')).median);
      }),
    ]),
  };
}

function absolute({ triggers, calm }) {
  return {
    title: 'One caller, and 128',
    head: ['', 'p50 of 1 caller, ms', 'events/s, 128 callers', 'CPU µs per event, 128 callers'],
    rows: Object.entries(triggers[128]).map(([name, samples]) => [
      CONTENDERS[name].title,
      medianOf(calm[name] ?? triggers[1][name], 'p50').toFixed(2),
      whole(medianOf(samples, 'perSecond')),
      whole(medianOf(samples, 'cpuMicroseconds')),
    ]),
  };
}

const CALL_TITLES = {
  channel: 'channel authorization',
  presence: 'presence authorization',
  user: 'user authentication',
  webhook: 'webhook of ten events, verified and parsed',
};

function calls(results) {
  return {
    title: 'Calls without a server, per second',
    head: ['call', '`pusher`', 'this package', 'compared with `pusher`'],
    rows: Object.entries(results).map(([call, { official, ours }]) => [
      CALL_TITLES[call],
      whole(summary(official).median),
      whole(summary(ours).median),
      times(ratio(ours, official).median),
    ]),
  };
}

function rules(results) {
  const one = summary(results[1]).median;
  return {
    title: 'Responses of the authorization endpoint per second, without a network',
    head: ['channel rules', ...Object.keys(results).map((count) => whole(Number(count)))],
    rows: [
      ['responses per second', ...Object.values(results).map((v) => whole(summary(v).median))],
      [
        'compared with one rule',
        ...Object.values(results).map((v) => times(summary(v).median / one)),
      ],
    ],
  };
}

function memory(results, { first, last }) {
  return {
    title: 'Memory in use, MiB',
    head: ['', `after ${whole(first)} events`, `after ${whole(last)} events`, 'RSS at the end'],
    rows: Object.entries(results).map(([name, result]) => [
      CONTENDERS[name].title,
      millis(result.first.used),
      millis(result.last.used),
      whole(result.last.rss),
    ]),
  };
}
