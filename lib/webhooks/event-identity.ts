import { createHash } from 'node:crypto';
import type { AnyWebhookEvent } from './webhook-handler.js';

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
    const content = JSON.stringify([appId, timeMs, event]);
    const count = (counts.get(content) ?? 0) + 1;
    counts.set(content, count);
    return createHash('sha256').update(`${count}:${content}`).digest('base64url');
  });
}
