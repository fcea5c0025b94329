import { PusherError } from '../errors/pusher-error.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { USER_CHANNEL_PREFIX } from '../protocol/names.js';
import type {
  EncodedBatchEvent,
  EncodedEvent,
  EventPublisher,
} from '../publishing/event-publisher.js';
import type { RandomSource } from '../runtime/random.js';
import { encodeEvent, type EncodingOptions } from './encode-event.js';
import { splitIntoBatches } from './split-into-batches.js';
import type { BatchEvent, BatchResult, TriggerOptions, TriggerResult } from './trigger-options.js';
import { type EventDraft, validateEvent } from './validate-event.js';

/** The methods of the service that publish: each checks, encodes, and passes on to the publisher. */
export class Triggers {
  readonly #publisher: EventPublisher;
  readonly #options: EncodingOptions;
  readonly #random: RandomSource;

  constructor(ports: {
    publisher: EventPublisher;
    options: EncodingOptions;
    random: RandomSource;
  }) {
    this.#publisher = ports.publisher;
    this.#options = ports.options;
    this.#random = ports.random;
  }

  async trigger(
    channels: string | readonly string[],
    event: string,
    data: unknown,
    options?: TriggerOptions | null,
  ): Promise<TriggerResult> {
    const { socketId, info, splitChannels = false } = options ?? {};
    const names = typeof channels === 'string' ? [channels] : this.#listOf(channels, splitChannels);
    const encoded = this.#encode({ channels: names, event, data, socketId, info, prefix: '' });
    const { maxChannelsPerTrigger } = this.#options.limits;
    if (names.length > maxChannelsPerTrigger) return this.#split(encoded, maxChannelsPerTrigger);
    return { channels: { ...(await this.#publisher.publish(encoded)) } };
  }

  async triggerBatch(events: readonly BatchEvent[]): Promise<BatchResult> {
    if (!Array.isArray(events))
      throw new PusherValidationError('events', '`events` must be a list of events.');
    const encoded = (events as readonly BatchEvent[]).map((event, index) =>
      this.#encodeForBatch(event, index),
    );
    const accepted: ChannelAttributes[] = [];
    for (const batch of splitIntoBatches(encoded, this.#options.limits))
      accepted.push(
        ...(await countAccepted(accepted.length, () => this.#publisher.publishBatch(batch))),
      );
    return { events: accepted };
  }

  async sendToUser(userId: string, event: string, data: unknown): Promise<TriggerResult> {
    // A user id that is not a string has no channel; it is rejected when it is checked.
    const channels = typeof userId === 'string' ? [USER_CHANNEL_PREFIX + userId] : [];
    await this.#publisher.publish(this.#encode({ channels, userId, event, data, prefix: '' }));
    return { channels: {} };
  }

  #encode(draft: EventDraft): EncodedEvent {
    validateEvent(draft, this.#options.limits);
    return encodeEvent(draft, this.#options, this.#random);
  }

  #encodeForBatch(given: BatchEvent, index: number): EncodedBatchEvent {
    const { channel, event, data, socketId, info } = Object(given) as BatchEvent;
    const prefix = `events[${index}].`;
    const encoded = this.#encode({ channels: [channel], event, data, socketId, info, prefix });
    const { channels: _one, ...rest } = encoded;
    return { ...rest, channel };
  }

  /** A copy, so that later changes of the caller's list do not affect what is queued. */
  #listOf(channels: readonly string[], splitChannels: boolean): string[] {
    if (!Array.isArray(channels) || channels.length === 0)
      throw new PusherValidationError(
        'channels',
        '`channels` must be the name of a channel, or a list of at least one name.',
      );
    const { maxChannelsPerTrigger } = this.#options.limits;
    if (channels.length > maxChannelsPerTrigger && !splitChannels)
      throw new PusherValidationError(
        'channels',
        `\`channels\` has ${channels.length} names, ${maxChannelsPerTrigger} are allowed in one request. Pass { splitChannels: true } to send several requests.`,
      );
    return [...(channels as readonly string[])];
  }

  async #split(event: EncodedEvent, maxChannels: number): Promise<TriggerResult> {
    let channels: TriggerResult['channels'] = {};
    for (let start = 0; start < event.channels.length; start += maxChannels) {
      const part = { ...event, channels: event.channels.slice(start, start + maxChannels) };
      const attributes = await countAccepted(start, () => this.#publisher.publish(part));
      channels = { ...channels, ...attributes };
    }
    return { channels };
  }
}

/** Sends one of several requests. When it fails, its error says how many had been accepted before. */
async function countAccepted<T>(before: number, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (before > 0 && error instanceof PusherError) error.accepted = before;
    throw error;
  }
}
