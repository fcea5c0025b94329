import type {
  EncodedBatchEvent,
  EncodedEvent,
  EventPublisher,
} from '../publishing/event-publisher.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { USER_CHANNEL_PREFIX } from '../protocol/names.js';
import type { RandomSource } from '../runtime/random.js';
import { countingAccepted } from './counting-accepted.js';
import { type EncodingOptions, encode } from './encode-event.js';
import type { EventDraft } from './event-draft.js';
import { splitIntoBatches } from './split-into-batches.js';
import type { BatchEvent, BatchResult, TriggerOptions, TriggerResult } from './trigger-options.js';
import { validate } from './validate-event.js';

/** Publishing: checks, encodes, and hands over to the publisher. */
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
    const encoded = this.#encode({ channels: names, event, data, socketId, info, place: '' });
    const most = this.#options.limits.maxChannelsPerTrigger;
    if (names.length <= most) return { channels: { ...(await this.#publisher.publish(encoded)) } };
    return this.#split(encoded, most);
  }

  async triggerBatch(events: readonly BatchEvent[]): Promise<BatchResult> {
    if (!Array.isArray(events))
      throw new PusherValidationError('events', '`events` must be a list of events.');
    const encoded = (events as readonly BatchEvent[]).map((event, at) => this.#forBatch(event, at));
    const answers: ChannelAttributes[] = [];
    for (const request of splitIntoBatches(encoded, this.#options.limits))
      answers.push(
        ...(await countingAccepted(answers.length, () => this.#publisher.publishBatch(request))),
      );
    return { events: answers };
  }

  async sendToUser(userId: string, event: string, data: unknown): Promise<TriggerResult> {
    // What is no text has no channel; the check of the user id says so.
    const channels = typeof userId === 'string' ? [USER_CHANNEL_PREFIX + userId] : [];
    await this.#publisher.publish(this.#encode({ channels, userId, event, data, place: '' }));
    return { channels: {} };
  }

  #encode(draft: EventDraft): EncodedEvent {
    validate(draft, this.#options.limits);
    return encode(draft, this.#options, this.#random);
  }

  /** A copy, so that what the caller does to the list afterwards changes nothing that is queued. */
  #listOf(channels: readonly string[], splitChannels: boolean): string[] {
    if (!Array.isArray(channels) || channels.length === 0)
      throw new PusherValidationError(
        'channels',
        '`channels` must be the name of a channel, or a list with at least one.',
      );
    const most = this.#options.limits.maxChannelsPerTrigger;
    if (channels.length > most && !splitChannels)
      throw new PusherValidationError(
        'channels',
        `\`channels\` has ${channels.length} names, one request may have ${most}. Pass { splitChannels: true } to send several requests.`,
      );
    return [...(channels as readonly string[])];
  }

  async #split(event: EncodedEvent, most: number): Promise<TriggerResult> {
    let channels: TriggerResult['channels'] = {};
    for (let at = 0; at < event.channels.length; at += most) {
      const part = { ...event, channels: event.channels.slice(at, at + most) };
      const answer = await countingAccepted(at, () => this.#publisher.publish(part));
      channels = { ...channels, ...answer };
    }
    return { channels };
  }

  #forBatch(given: BatchEvent, at: number): EncodedBatchEvent {
    const { channel, event, data, socketId, info } = Object(given) as BatchEvent;
    const place = `events[${at}].`;
    const encoded = this.#encode({ channels: [channel], event, data, socketId, info, place });
    const { channels: _one, ...rest } = encoded;
    return { ...rest, channel };
  }
}
