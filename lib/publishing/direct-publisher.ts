import type { Api, ApiRequest } from '../http/api.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { readAttributes, readChannels } from '../protocol/wire.js';
import { fieldsOf } from '../protocol/json.js';
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

  /** @param deadlineMs time that is left, in milliseconds, when the event has waited already */
  async publish(event: EncodedEvent, deadlineMs?: number): Promise<PublishResponse> {
    const response = await this.#post('/events', eventJson(event), { deadlineMs });
    return event.info === undefined ? NO_ATTRIBUTES : readPublishResponse(response);
  }

  /** @param deadlineMs time that is left, in milliseconds, when the events have waited already */
  async publishBatch(
    events: readonly EncodedBatchEvent[],
    deadlineMs?: number,
  ): Promise<ChannelAttributes[]> {
    const json = events.map((event) => event.json ?? batchEventJson(event));
    const entries = await this.publishBatchJson(json, deadlineMs);
    return events.map((_event, index) => readAttributes(entries[index]));
  }

  /**
   * Like `publishBatch`, for events that have been converted by `batchEventJson`. Returns the entries of
   * the response as they are; there may be fewer than events.
   */
  async publishBatchJson(
    events: readonly string[],
    deadlineMs?: number,
  ): Promise<readonly unknown[]> {
    const more = { events: events.length, deadlineMs };
    const response = await this.#post('/batch_events', batchJson(events), more);
    const entries = fieldsOf(response)['batch'];
    // Servers leave the list out when there are no attributes, or send an empty object instead.
    return Array.isArray(entries) ? entries : [];
  }

  flush(): Promise<void> {
    return this.#api.settled();
  }

  #post(
    path: string,
    body: string,
    more: Pick<ApiRequest, 'events' | 'deadlineMs'>,
  ): Promise<unknown> {
    return this.#api.request({ method: 'POST', path, body, idempotent: false, ...more });
  }
}

/** Reads the response to `POST /events`. Servers differ in what they send when there are no attributes. */
function readPublishResponse(response: unknown): PublishResponse {
  return readChannels(fieldsOf(response)['channels'], readAttributes);
}

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
