import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { fieldsOf, readAttributes, readChannels } from '../protocol/wire.js';
import type { PublishResponse } from './event-publisher.js';

/** Reads the answer to `POST /events`. Most servers have more than one way to say "nothing to tell". */
export function readPublishResponse(answer: unknown): PublishResponse {
  return readChannels(fieldsOf(answer)['channels'], readAttributes);
}

/**
 * Reads the answer to `POST /batch_events`: one entry per event. Servers leave the list out, send an
 * empty object in its place, or fewer entries than events; what is missing is empty here.
 */
export function readBatchResponse(answer: unknown, events: number): ChannelAttributes[] {
  const batch = fieldsOf(answer)['batch'];
  const entries: readonly unknown[] = Array.isArray(batch) ? batch : [];
  return Array.from({ length: events }, (_, at) => readAttributes(entries[at]));
}
