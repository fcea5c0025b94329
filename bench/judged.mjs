import { ratio } from './statistics.mjs';

/** How much more memory counts as noise: buffers and caches that come and go. */
const MEMORY_NOISE = 1.1;

function of(samples, field) {
  return samples.map((sample) => sample[field]);
}

function atLeast(figure, value, wanted) {
  return { figure, ...value, wanted: `at least ${wanted}`, met: value.median >= wanted };
}

function atMost(figure, value, wanted) {
  return { figure, ...value, wanted: `at most ${wanted}`, met: value.median <= wanted };
}

/** The figures that this package promises, all of them ratios of one run. */
export function judged({ triggers, calm, encrypted, calls, memory }) {
  const busy = triggers[128];
  const rate = (one, other) => ratio(of(one, 'perSecond'), of(other, 'perSecond'));
  const { first, last } = memory.ours;
  const growth = last.used / first.used;
  return [
    atLeast('triggers, 128 callers, to official', rate(busy.ours, busy.official), 2.6),
    atMost(
      'CPU per trigger, to official',
      ratio(of(busy.ours, 'cpuMicroseconds'), of(busy.official, 'cpuMicroseconds')),
      0.4,
    ),
    atLeast('triggers, to the bare pool', rate(busy.ours, busy.bare), 0.8),
    atLeast('with an interceptor, to official', rate(busy.intercepted, busy.official), 1.2),
    atLeast('with batching, to official', rate(busy.batching, busy.official), 7),
    atMost(
      'p99 of 1 caller, batching on to off',
      ratio(of(calm.batching, 'p99'), of(calm.ours, 'p99')),
      1.1,
    ),
    atLeast(
      'channel authorization, to official',
      ratio(calls.channel.ours, calls.channel.official),
      1.2,
    ),
    atLeast(
      'presence authorization, to official',
      ratio(calls.presence.ours, calls.presence.official),
      1.2,
    ),
    atLeast('user authentication, to official', ratio(calls.user.ours, calls.user.official), 1.2),
    atLeast(
      'webhook verification, to official',
      ratio(calls.webhook.ours, calls.webhook.official),
      1.2,
    ),
    atLeast('encrypted triggers, to official', rate(encrypted.ours, encrypted.official), 1.8),
    atMost('memory, last to first', { median: growth, least: growth, most: growth }, MEMORY_NOISE),
  ];
}
