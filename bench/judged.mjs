import { ratio } from './statistics.mjs';

/** The growth of memory that counts as noise, from buffers and caches that come and go. */
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

/** The figures that this package promises, all of them ratios within one run. */
export function judged({ triggers, calm, encrypted, calls, memory }) {
  const busy = triggers[128];
  const rate = (one, other) => ratio(of(one, 'perSecond'), of(other, 'perSecond'));
  const { first, last } = memory.ours;
  const growth = last.used / first.used;
  return [
    atLeast('triggers, 128 callers, compared with official', rate(busy.ours, busy.official), 2.6),
    atMost(
      'CPU per trigger, compared with official',
      ratio(of(busy.ours, 'cpuMicroseconds'), of(busy.official, 'cpuMicroseconds')),
      0.4,
    ),
    atLeast('triggers, compared with the bare pool', rate(busy.ours, busy.bare), 0.8),
    atLeast(
      'with an interceptor, compared with official',
      rate(busy.intercepted, busy.official),
      1.2,
    ),
    atLeast('with batching, compared with official', rate(busy.batching, busy.official), 7),
    atMost(
      'p99 of 1 caller, batching compared with not batching',
      ratio(of(calm.batching, 'p99'), of(calm.ours, 'p99')),
      1.1,
    ),
    atLeast(
      'channel authorization, compared with official',
      ratio(calls.channel.ours, calls.channel.official),
      1.2,
    ),
    atLeast(
      'presence authorization, compared with official',
      ratio(calls.presence.ours, calls.presence.official),
      1.2,
    ),
    atLeast(
      'user authentication, compared with official',
      ratio(calls.user.ours, calls.user.official),
      1.2,
    ),
    atLeast(
      'webhook verification, compared with official',
      ratio(calls.webhook.ours, calls.webhook.official),
      1.2,
    ),
    atLeast(
      'encrypted triggers, compared with official',
      rate(encrypted.ours, encrypted.official),
      1.8,
    ),
    atMost(
      'memory, last compared with first',
      { median: growth, least: growth, most: growth },
      MEMORY_NOISE,
    ),
  ];
}
