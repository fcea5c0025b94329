import { createHash } from 'node:crypto';
import type { AnyWebhookEvent } from '../webhook-event.js';

/**
 * Names each event of a webhook so that a second delivery of the same webhook yields the same names.
 * Events carry no id; a second delivery has the app, the time and the content in common with the
 * first. Equal events within one webhook are numbered.
 */
export function eventIdentities(
  appId: string,
  timeMs: number,
  events: readonly AnyWebhookEvent[],
): string[] {
  const counts = new Map<string, number>();
  return events.map((event) => {
    const content = contentOf([appId, timeMs, event]);
    const count = (counts.get(content) ?? 0) + 1;
    counts.set(content, count);
    return createHash('sha256').update(`${count}:${content}`).digest('base64url');
  });
}

/**
 * A string that differs wherever the JSON of two values would differ. Written with a stack of its
 * own: the data of a client event may be nested deeper than the call stack allows, and must not keep
 * the other events of its webhook from their handlers.
 */
function contentOf(value: unknown): string {
  const parts: (string | undefined)[] = [];
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) {
      parts.push(JSON.stringify(next));
      continue;
    }
    parts.push(Array.isArray(next) ? `#${next.length}` : JSON.stringify(Object.keys(next)));
    for (const inner of Object.values(next)) pending.push(inner);
  }
  return parts.join('\n');
}
