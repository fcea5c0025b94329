import { percentile } from './statistics.mjs';

/**
 * Lets the workers do a task one after the other, for several rounds. Each round starts with a
 * different worker, so that a disturbance of the machine affects all of them alike.
 * @returns the results of each worker by name, one per round
 */
export async function rounds(workers, count, task, settings) {
  const results = Object.fromEntries(workers.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round += 1)
    for (let offset = 0; offset < workers.length; offset += 1) {
      const worker = workers[(round + offset) % workers.length];
      results[worker.name].push(await worker.run(task, settings));
    }
  return results;
}

/** How many short runs make a round; the contenders alternate between the runs. */
const SLICES = 10;

/**
 * Like `rounds`, for latencies: each round consists of short slices in which the workers alternate,
 * and the latencies of all its slices are combined. A single pause of the machine then affects no
 * worker alone.
 */
export async function slicedRounds(workers, count, { ms, ...settings }) {
  const results = Object.fromEntries(workers.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round += 1) {
    const slice = { ...settings, ms: ms / SLICES, keepLatencies: true };
    const slices = await rounds(workers, SLICES, 'load', slice);
    for (const { name } of workers) {
      const latencies = slices[name].flatMap((sample) => sample.latencies);
      latencies.sort((one, two) => one - two);
      results[name].push({ p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) });
    }
  }
  return results;
}

/**
 * How a figure of one contender grows with a size: several rounds over all sizes, the first of
 * which does not count.
 * @returns the results of each size, one per round
 */
export async function growth(worker, { task, sizes, settings }, count) {
  const results = Object.fromEntries(sizes.map((size) => [size, []]));
  for (let round = 0; round <= count; round += 1)
    for (const size of sizes) {
      const result = await worker.run(task, settings(size));
      if (round > 0) results[size].push(result);
    }
  return results;
}
