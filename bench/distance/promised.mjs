import { ratio } from '../statistics.mjs';
import { medianOf, millis, pick, times, whole } from '../tables.mjs';
import { CASES, measuredRoundTrip } from './place.mjs';

/** A ratio that counts as level: two runs of the same contender differ by as much. */
const LEVEL = 0.95;
/** Differences of a p99 that are noise: of the timers of the delay proxy, and in proportion. */
const P99_NOISE = { ms: 1, share: 1.05 };
const LONGEST_P99_MS = 1000;
/** By adapter. */
const AUTH_RATIO = { express: 0.95, fastify: 0.85 };

/** The worst of several checks stands for all of them. */
function worst(figure, wanted, checks, show = times) {
  if (checks.length === 0) return [];
  const [{ value, where }] = checks.toSorted((one, two) => one.margin - two.margin);
  const met = checks.every(({ margin }) => margin >= 0);
  return [{ figure, worst: show(value), where, wanted, met }];
}

/** What this package promises at a distance. Without a distance, the cost part has the figures. */
export function promisedDistance(results) {
  return [
    ...unbatched(results),
    ...batched(results),
    ...calmP99(results),
    ...openLoop(results),
    ...nothingLost(results),
    ...endpoints(results),
  ];
}

/** Each closed loop at a distance: how far, how many callers, and the samples of each case. */
export function closedCells({ closed = {} }) {
  return Object.entries(closed).flatMap(([ms, byCallers]) =>
    Object.entries(byCallers).map(([callers, samples]) => ({
      ms: Number(ms),
      callers: Number(callers),
      samples,
      where: `${ms} ms, ${whole(Number(callers))} ${callers === '1' ? 'caller' : 'callers'}`,
    })),
  );
}

function distant(results) {
  return closedCells(results).filter(({ ms }) => ms > 0);
}

function compared(samples, name) {
  return ratio(pick(samples[name], 'perSecond'), pick(samples.official, 'perSecond')).median;
}

function unbatched(results) {
  const checks = distant(results).map(({ samples, where }) => {
    const value = compared(samples, 'ours');
    return { value, where, margin: value - LEVEL };
  });
  return worst('unbatched, compared with `pusher`', `at least ${LEVEL} ×`, checks);
}

/** Callers that await cannot get more than one event per round trip each. */
function batched(results) {
  const checks = distant(results).flatMap(({ ms, callers, samples, where }) => {
    const limit = (callers / measuredRoundTrip(results, ms)) * 1000;
    const official = medianOf(samples.official, 'perSecond');
    const wanted = Math.min(3 * official, 0.85 * limit);
    return ['batching50', 'batching1']
      .filter((name) => name in samples)
      .map((name) => {
        const value = medianOf(samples[name], 'perSecond') / wanted;
        return { value, where: `${where}, ${CASES[name].title}`, margin: value - 1 };
      });
  });
  return worst(
    'batched, compared with the smaller of 3 × `pusher` and 0.85 × callers / round trip',
    'at least 1 ×',
    checks,
  );
}

function calmP99(results) {
  const checks = distant(results)
    .filter(({ callers }) => callers === 1)
    .flatMap(({ samples, where }) =>
      ['ours', 'batching50'].map((name) => {
        const official = samples.official[0].p99;
        const allowed = Math.max(official * P99_NOISE.share, official + P99_NOISE.ms);
        const { p99 } = samples[name][0];
        return {
          value: p99 / official,
          where: `${where}, ${CASES[name].title}`,
          margin: allowed - p99,
        };
      }),
    );
  return worst('p99 of one caller, compared with `pusher`', 'at most 1 ×, or 1 ms more', checks);
}

const OURS = ['ours', 'batching50', 'batching1'];

function openLoop({ open = {} }) {
  const checks = Object.entries(open).flatMap(([ms, byRate]) =>
    Object.entries(byRate)
      .filter(([rate]) => Number(rate) <= 1000)
      .flatMap(([rate, samples]) =>
        OURS.map((name) => {
          const [{ p99 }] = samples[name];
          const where = `${ms} ms, ${whole(Number(rate))} a second, ${CASES[name].title}`;
          return { value: p99, where, margin: LONGEST_P99_MS - p99 };
        }),
      ),
  );
  const show = (value) => `${millis(value)} ms`;
  return worst('p99 of an open loop of up to 1 000 a second', 'under 1 s', checks, show);
}

function nothingLost({ closed = {}, open = {}, burst = {} }) {
  const all = [closed, open, burst].flatMap((section) =>
    Object.entries(section).flatMap(([ms, bySize]) =>
      Object.entries(bySize).flatMap(([size, samples]) =>
        OURS.filter((name) => name in samples).flatMap((name) =>
          samples[name].map(({ lost, doubled }) => ({
            value: lost + doubled,
            where: `${ms} ms, ${whole(Number(size))}, ${CASES[name].title}`,
            margin: -(lost + doubled),
          })),
        ),
      ),
    ),
  );
  return worst('events lost or doubled, everywhere', '0', all, whole).map(({ where, ...row }) => ({
    ...row,
    where: row.met ? '' : where,
  }));
}

function endpoints({ endpoints: measured = {} }) {
  const compare = (adapter, kind) => {
    const { ours, official } = measured[adapter][kind];
    return ratio(pick(ours, 'perSecond'), pick(official, 'perSecond')).median;
  };
  const adapters = Object.keys(measured);
  return [
    ...adapters.flatMap((adapter) => {
      const value = compare(adapter, 'auth');
      const wanted = AUTH_RATIO[adapter];
      return worst(
        `\`POST /pusher/auth\` on ${adapter}, compared with a controller over \`pusher\``,
        `at least ${wanted} ×`,
        [{ value, where: '', margin: value - wanted }],
      );
    }),
    ...worst(
      'webhooks of 100 events, compared with a controller over `pusher`',
      'at least 1 ×',
      adapters.map((adapter) => {
        const value = compare(adapter, 'webhook100');
        return { value, where: adapter, margin: value - 1 };
      }),
    ),
  ];
}

/** The closed loops in which this package, unbatched, is as fast as the official one, within noise. */
export function levelCells(results) {
  return distant(results).filter(({ samples }) => {
    const value = compared(samples, 'ours');
    return value >= LEVEL && value <= 1 / LEVEL;
  });
}
