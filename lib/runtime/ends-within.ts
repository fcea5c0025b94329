import type { Clock } from './clock.js';

/**
 * Waits for the work, but not for longer than some milliseconds, and gives whether it ended in time.
 * How it ended does not matter here; this never rejects.
 */
export async function endsWithin(
  milliseconds: number,
  work: Promise<unknown>,
  clock: Clock,
): Promise<boolean> {
  const over = new AbortController();
  const inTime = work.then(
    () => true,
    () => true,
  );
  const late = clock.sleep(milliseconds, over.signal).then(
    () => false,
    () => true,
  );
  const ended = await Promise.race([inTime, late]);
  over.abort();
  return ended;
}
