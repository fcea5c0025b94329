import type { EncodedBatchEvent, EncodedEvent } from './event-publisher.js';

/** The body of `POST /events`. Fields that are not set are left out. */
export function eventJson({ name, data, channels, socketId, info }: EncodedEvent): string {
  return JSON.stringify({ name, data, channels, socket_id: socketId, info });
}

/** One entry of the body of `POST /batch_events`. */
export function batchEntryJson({ channel, name, data, socketId, info }: EncodedBatchEvent): string {
  return JSON.stringify({ channel, name, data, socket_id: socketId, info });
}

/** The body of `POST /batch_events` from its entries. */
export function batchJson(entries: readonly string[]): string {
  return `{"batch":[${entries.join(',')}]}`;
}
