import { load } from './load.mjs';

/** Megabytes in use after so many events and a garbage collection. */
export async function memory(contender, { events }) {
  await load(contender, { callers: 128, events });
  // Twice: objects that the first collection finds unreachable are freed by the second.
  for (let times = 0; times < 2; times += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: (heapUsed + external) / 2 ** 20, rss: rss / 2 ** 20 };
}
