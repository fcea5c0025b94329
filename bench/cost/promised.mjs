import { ratio } from '../statistics.mjs';
import { pick } from '../tables.mjs';

/** The growth of memory that counts as noise, from buffers and caches that come and go. */
const MEMORY_NOISE = 1.1;

function atLeast(figure, value, wanted) {
  return { figure, ...value, wanted: `at least ${wanted}`, met: value.median >= wanted };
}

function atMost(figure, value, wanted) {
  return { figure, ...value, wanted: `at most ${wanted}`, met: value.median <= wanted };
}

/** The figures that this package promises, all of them ratios within one run. */
export function promisedCost({ triggers, calm, encrypted, calls, memory }) {
  const busy = triggers[128];
  const rate = (one, other) => ratio(pick(one, 'perSecond'), pick(other, 'perSecond'));
  const { first, last } = memory.ours;
  const growth = last.used / first.used;
  return [
    atLeast(
      'triggers per second, 128 callers, compared with `pusher`',
      rate(busy.ours, busy.official),
      2.6,
    ),
    atMost(
      'CPU time per trigger, compared with `pusher`',
      ratio(pick(busy.ours, 'cpuMicroseconds'), pick(busy.official, 'cpuMicroseconds')),
      0.3,
    ),
    atLeast('triggers per second, compared with the bare pool', rate(busy.ours, busy.bare), 0.8),
    atLeast(
      'triggers per second with an axios interceptor, compared with `pusher`',
      rate(busy.intercepted, busy.official),
      1.2,
    ),
    atLeast(
      'triggers per second with batching, compared with `pusher`',
      rate(busy.batching, busy.official),
      15,
    ),
    atMost(
      'p99 latency of one caller with batching, compared with no batching',
      ratio(pick(calm.batching, 'p99'), pick(calm.ours, 'p99')),
      1.1,
    ),
    atLeast(
      'channel authorizations per second, compared with `pusher`',
      ratio(calls.channel.ours, calls.channel.official),
      1.2,
    ),
    atLeast(
      'presence authorizations per second, compared with `pusher`',
      ratio(calls.presence.ours, calls.presence.official),
      1.2,
    ),
    atLeast(
      'user authentications per second, compared with `pusher`',
      ratio(calls.user.ours, calls.user.official),
      1.2,
    ),
    atLeast(
      'webhooks of ten events per second, compared with `pusher`',
      ratio(calls.webhook.ours, calls.webhook.official),
      1.2,
    ),
    atLeast(
      'encrypted triggers per second, 1 kB, compared with `pusher`',
      rate(encrypted.ours, encrypted.official),
      1.8,
    ),
    atMost(
      'memory at the end, compared with that after the first events',
      { median: growth, least: growth, most: growth },
      MEMORY_NOISE,
    ),
  ];
}
