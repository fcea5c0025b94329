import type { QueueEntry } from '../../../lib/publishing/batching/batch-queue.js';

/** An entry that a test can recognize. */
export interface NamedEntry extends QueueEntry {
  readonly name: string;
}

/** An entry on the channel that its name begins with: `a1` is on channel `a`. */
export function batchable(name: string, queuedAt = 0): NamedEntry {
  return { name, channels: [name.slice(0, 1)], batchable: true, queuedAt, json: '{}' };
}

/** An entry that is a request of its own. */
export function unbatchable(name: string, channels: readonly string[], queuedAt = 0): NamedEntry {
  return { name, channels, batchable: false, queuedAt, json: '' };
}

export function names(entries: readonly NamedEntry[]): string[] {
  return entries.map(({ name }) => name);
}
