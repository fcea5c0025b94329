import { setTimeout as pause } from 'node:timers/promises';
import { channelOf, CHANNELS, payloadOf } from '../app.mjs';
import { eventId } from '../servers/deliveries.mjs';
import { percentile } from '../statistics.mjs';

const BYTES = 100;

/** Triggers events with the ids of one run, and remembers how long each took and how many failed. */
class Run {
  triggered = 0;
  failures = new Map();
  latencies = [];
  #contender;
  #settings;
  #cpu = process.cpuUsage();
  #start = performance.now();

  constructor(contender, { run, channels = CHANNELS }) {
    this.#contender = contender;
    this.#settings = { run, channels };
  }

  /** From now on, time and CPU count; what came before was the warm-up. */
  restart() {
    this.latencies = [];
    this.#cpu = process.cpuUsage();
    this.#start = performance.now();
  }

  /** Triggers one event. Its latency counts from `since`, unless it fails. */
  async trigger(caller, since) {
    const { run, channels } = this.#settings;
    const data = payloadOf(BYTES, eventId(run, this.triggered));
    this.triggered += 1;
    try {
      await this.#contender.trigger(channelOf(caller, { channels }), 'message.created', data);
      this.latencies.push(performance.now() - since);
    } catch (error) {
      const reason = error.code ?? error.error?.code ?? error.message;
      this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
    }
  }

  result() {
    const elapsed = performance.now() - this.#start;
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpu = user + system;
    const latencies = this.latencies.toSorted((one, two) => one - two);
    return {
      triggered: this.triggered,
      failures: Object.fromEntries(this.failures),
      elapsedMs: elapsed,
      perSecond: (latencies.length / elapsed) * 1000,
      cpuMicroseconds: cpu / latencies.length,
      cpuShare: cpu / 1000 / elapsed,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
    };
  }
}

/**
 * Callers that trigger one event after another and await each. What starts during the warm-up,
 * while connections are made, does not count.
 */
export async function closedLoop(contender, { callers, warmUpMs, ms, keepLatencies, ...settings }) {
  const run = new Run(contender, settings);
  const start = performance.now();
  const measured = start + warmUpMs;
  const end = measured + ms;
  let counting = false;
  const rates = await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      let now = performance.now();
      for (; now < measured; now = performance.now()) await run.trigger(caller, now);
      if (!counting) run.restart();
      counting = true;
      const first = now;
      let count = 0;
      // At least one call, however long it takes.
      do {
        await run.trigger(caller, now);
        now = performance.now();
        count += 1;
      } while (now < end);
      return (count / (now - first)) * 1000;
    }),
  );
  // Callers that are in step all start and end a call at once. The sum of the rates of the callers
  // does not depend on whether the time ended shortly before or shortly after that.
  const perSecond = rates.reduce((sum, rate) => sum + rate, 0);
  return { ...run.result(), perSecond, ...(keepLatencies && { latencies: run.latencies }) };
}

/**
 * Triggers so many events per second, whether earlier ones are done or not. A latency counts from
 * the time at which the event was due, so that a stall is counted for all the events that it delays.
 */
export async function openLoop(contender, { rate, warmUpMs, ms, ...settings }) {
  const run = new Run(contender, settings);
  const start = performance.now();
  const warmUp = Math.round((rate * warmUpMs) / 1000);
  const total = warmUp + Math.round((rate * ms) / 1000);
  const triggers = [];
  for (let at = 0; at < total;) {
    for (let due; at < total && (due = start + (at * 1000) / rate) <= performance.now(); at += 1) {
      if (at === warmUp) run.restart();
      triggers.push(run.trigger(at, due));
    }
    await pause(1);
  }
  await Promise.all(triggers);
  return run.result();
}

/** Triggers all events at once. */
export async function atOnce(contender, { events, ...settings }) {
  const run = new Run(contender, settings);
  const now = performance.now();
  await Promise.all(Array.from({ length: events }, (_, at) => run.trigger(at, now)));
  return run.result();
}
