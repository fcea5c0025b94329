import { createHash } from 'node:crypto';
import type { AnyWebhookEvent } from '../handlers/webhook-handler.js';

/**
 * Names each event of a webhook so that the same webhook, sent again, gives the same names. Events
 * carry no id; app, time and content are what a repetition has in common. Equal events within one
 * webhook are told apart by counting.
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
 * What JSON would tell apart, with a list of what is left to do: the data of a client event may be
 * nested deeper than the stack, and must not keep the other events of its webhook from handlers.
 */
function contentOf(value: unknown): string {
  const parts: (string | undefined)[] = [];
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) {
      parts.push(JSON.stringify(next));
      continue;
    }
    parts.push(Array.isArray(next) ? `#${next.length}` : JSON.stringify(Object.keys(next)));
    for (const inner of Object.values(next)) left.push(inner);
  }
  return parts.join('\n');
}
