import type { Api } from '../http/api.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { batchEntryJson, batchJson, eventJson } from './event-json.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  EventPublisher,
  type PublishResponse,
} from './event-publisher.js';
import { readBatchResponse, readPublishResponse } from './read-response.js';

const NOTHING_ASKED: PublishResponse = Object.freeze({});

/** Sends each event, and each batch, at once and as a request of its own. */
export class DirectPublisher extends EventPublisher {
  readonly #api: Api;

  constructor({ api }: { api: Api }) {
    super();
    this.#api = api;
  }

  async publish(event: EncodedEvent): Promise<PublishResponse> {
    const answer = await this.#post('/events', eventJson(event));
    return event.info === undefined ? NOTHING_ASKED : readPublishResponse(answer);
  }

  async publishBatch(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    return this.publishEntries(events.map(batchEntryJson));
  }

  /** As `publishBatch`, for events that are JSON already. */
  async publishEntries(entries: readonly string[]): Promise<ChannelAttributes[]> {
    return readBatchResponse(await this.#post('/batch_events', batchJson(entries)), entries.length);
  }

  flush(): Promise<void> {
    return this.#api.settled();
  }

  #post(path: string, body: string): Promise<unknown> {
    return this.#api.request({ method: 'POST', path, body, idempotent: false });
  }
}
