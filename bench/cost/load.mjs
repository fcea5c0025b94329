import { channelOf, payloadOf } from '../app.mjs';
import { percentile } from '../statistics.mjs';

/**
 * Lets the callers trigger one event after the other until the time is over, or until the given
 * number of events has been sent, and measures time and CPU.
 */
export async function load(
  contender,
  { callers, bytes = 100, encrypted = false, ms, events, keepLatencies },
) {
  const data = payloadOf(bytes);
  const latencies = [];
  const most = events ?? Infinity;
  let started = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + (ms ?? Infinity);
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      const channel = channelOf(caller, { encrypted });
      for (let now = performance.now(); now < end && started < most;) {
        started += 1;
        await contender.trigger(channel, 'message.created', data);
        const then = now;
        now = performance.now();
        latencies.push(now - then);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((one, two) => one - two);
  return {
    perSecond: latencies.length / seconds,
    cpuMicroseconds: (user + system) / latencies.length,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    ...(keepLatencies && { latencies }),
  };
}
