import { percentile } from './statistics.mjs';

/**
 * Lets the workers do a task in turn, several rounds of it, each round beginning with another one:
 * what disturbs the machine for a while then disturbs all of them alike.
 * @returns for each worker's name the results, one per round
 */
export async function rounds(workers, count, task, settings) {
  const results = Object.fromEntries(workers.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round += 1)
    for (let turn = 0; turn < workers.length; turn += 1) {
      const worker = workers[(round + turn) % workers.length];
      results[worker.name].push(await worker.run(task, settings));
    }
  return results;
}

/** Short runs of a load, one contender after the other, so many make a round. */
const SLICES = 10;

/**
 * As `rounds`, for latencies: each round is cut into slices that alternate, and the latencies of all
 * slices of a round are taken together. A single pause of the machine then hits no one alone.
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
 * How a figure of one contender grows: rounds over all sizes, the first of which does not count.
 * @returns for each size the results, one per round
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
