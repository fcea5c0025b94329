import type { Api } from '../http/api.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { fieldsOf, readAttributes, readChannels } from '../protocol/wire.js';
import { batchEventJson, batchJson, eventJson } from './event-json.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from './event-publisher.js';

const NO_ATTRIBUTES: PublishResponse = Object.freeze({});

/** Sends each event, and each batch, at once and as a request of its own. */
export class DirectPublisher extends EventPublisher {
  readonly #api: Api;

  constructor({ api }: { api: Api }) {
    super();
    this.#api = api;
  }

  async publish(event: EncodedEvent): Promise<PublishResponse> {
    const response = await this.#post('/events', eventJson(event));
    return event.info === undefined ? NO_ATTRIBUTES : readPublishResponse(response);
  }

  async publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    return this.publishBatchJson(events.map(batchEventJson));
  }

  /** Like `publishBatch`, for events that have been converted by `batchEventJson`. */
  async publishBatchJson(events: readonly string[]): Promise<ChannelAttributes[]> {
    return readBatchResponse(await this.#post('/batch_events', batchJson(events)), events.length);
  }

  flush(): Promise<void> {
    return this.#api.settled();
  }

  #post(path: string, body: string): Promise<unknown> {
    return this.#api.request({ method: 'POST', path, body, idempotent: false });
  }
}

/** Reads the response to `POST /events`. Servers differ in what they send when there are no attributes. */
function readPublishResponse(response: unknown): PublishResponse {
  return readChannels(fieldsOf(response)['channels'], readAttributes);
}

/**
 * Reads the response to `POST /batch_events`: one entry per event. Servers leave the list out, send
 * an empty object instead, or send fewer entries than events; a missing entry is empty here.
 */
function readBatchResponse(response: unknown, events: number): ChannelAttributes[] {
  const batch = fieldsOf(response)['batch'];
  const entries: readonly unknown[] = Array.isArray(batch) ? batch : [];
  return Array.from({ length: events }, (_, index) => readAttributes(entries[index]));
}
