import type { EncodedBatchEvent, EncodedEvent } from './event-publisher.js';

/** The body of `POST /events`. Fields that are not set are left out. */
export function eventJson({ name, data, channels, socketId, info }: EncodedEvent): string {
  return JSON.stringify({ name, data, channels, socket_id: socketId, info });
}

/** One event in the body of `POST /batch_events`. */
export function batchEventJson({ channel, name, data, socketId, info }: EncodedBatchEvent): string {
  return JSON.stringify({ channel, name, data, socket_id: socketId, info });
}

/** The body of `POST /batch_events` with the given events. */
export function batchJson(events: readonly string[]): string {
  return `{"batch":[${events.join(',')}]}`;
}
