import { PusherError } from '../errors/pusher-error.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { argumentShape, checkArgument, optional, typeName } from '../protocol/arguments.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import type { ServerRules } from '../protocol/limits.js';
import { USER_CHANNEL_PREFIX } from '../protocol/names.js';
import { receiverId, type UserId } from '../protocol/user-ids.js';
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
import { validatePayload } from './validate-payload.js';

const OTHER_NAMES = {
  socket: 'socketId',
  exclude: 'socketId',
  except: 'socketId',
  excludeSocketId: 'socketId',
  attributes: 'info',
};

const TRIGGER_OPTIONS = argumentShape(
  'option',
  "{ socketId: '123.456' }",
  ['socketId', 'info', 'splitChannels'],
  { ...OTHER_NAMES, split: 'splitChannels' },
);

const BATCH_ENTRY = argumentShape(
  'field',
  "{ channel: 'news', event: 'message', data: { id: 7 } }",
  ['channel', 'event', 'data', 'socketId', 'info'],
  {
    ...OTHER_NAMES,
    channels: 'channel` with one entry for each channel, or `trigger',
    channelName: 'channel',
    name: 'event',
    eventName: 'event',
    type: 'event',
    payload: 'data',
    body: 'data',
    message: 'data',
  },
);

const NO_OPTIONS: TriggerOptions = {};

/** The methods of the service that publish: each checks, encodes, and passes on to the publisher. */
export class Triggers {
  readonly #publisher: EventPublisher;
  readonly #options: EncodingOptions & ServerRules;
  readonly #random: RandomSource;

  constructor(ports: {
    publisher: EventPublisher;
    options: EncodingOptions & ServerRules;
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
    const { socketId, info, splitChannels } = triggerOptions(options);
    const names =
      typeof channels === 'string' ? [channels] : this.#listOf(channels, splitChannels === true);
    const encoded = this.#encode({ channels: names, event, data, socketId, info, prefix: '' });
    const { maxChannelsPerTrigger } = this.#options.limits;
    if (names.length > maxChannelsPerTrigger) return this.#split(encoded, maxChannelsPerTrigger);
    return { channels: { ...(await this.#publisher.publish(encoded)) } };
  }

  async triggerBatch(events: readonly BatchEvent[]): Promise<BatchResult> {
    if (!Array.isArray(events))
      throw new PusherValidationError(
        'events',
        `\`events\` must be a list of events such as [${BATCH_ENTRY.example}]; ${typeName(events)} was given.`,
      );
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

  async sendToUser(
    userId: UserId,
    event: string,
    data: unknown,
    ...more: readonly unknown[]
  ): Promise<TriggerResult> {
    if (more.some((argument) => argument !== undefined && argument !== null))
      throw new PusherValidationError(
        'options',
        '`options` is not an argument of sendToUser, which has no options. To leave out one connection, trigger on a private channel of the user with { socketId }.',
      );
    const channels = [USER_CHANNEL_PREFIX + receiverId(userId, 'userId', this.#options)];
    const draft = { channels, isForUser: true, event, data, prefix: '' };
    await this.#publisher.publish(this.#encode(draft));
    return { channels: {} };
  }

  #encode(draft: EventDraft): EncodedEvent {
    validateEvent(draft, this.#options);
    const checked = validatePayload(draft, this.#options.events);
    return encodeEvent(checked, this.#options, this.#random);
  }

  #encodeForBatch(given: BatchEvent, index: number): EncodedBatchEvent {
    const prefix = `events[${index}].`;
    checkArgument(given, `events[${index}]`, BATCH_ENTRY, prefix);
    const { channel, event, data } = given;
    const [socketId, info] = [optional(given.socketId), optional(given.info)];
    const encoded = this.#encode({ channels: [channel], event, data, socketId, info, prefix });
    const { channels: _one, ...rest } = encoded;
    return { ...rest, channel };
  }

  /** A copy, so that later changes of the caller's list do not affect what is queued. */
  #listOf(channels: readonly string[], splitChannels: boolean): string[] {
    if (!Array.isArray(channels) || channels.length === 0)
      throw new PusherValidationError(
        'channels',
        `\`channels\` must be the name of a channel, or a list of at least one name; ${channels?.length === 0 ? 'an empty list' : typeName(channels)} was given.`,
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

/** The checked options; `null` stands for what was left out, as `undefined` does. */
function triggerOptions(options: TriggerOptions | null | undefined): TriggerOptions {
  if (options === undefined || options === null) return NO_OPTIONS;
  if (typeof options === 'string')
    throw new PusherValidationError(
      'options',
      "`options` must be an object; a string was given. To leave out a connection, write { socketId: '123.456' }.",
    );
  checkArgument(options, 'options', TRIGGER_OPTIONS);
  const { socketId, info, splitChannels } = options;
  const split: unknown = optional(splitChannels);
  if (split !== undefined && typeof split !== 'boolean')
    throw new PusherValidationError(
      'splitChannels',
      `\`splitChannels\` must be true or false; ${typeName(split)} was given.`,
    );
  return { socketId: optional(socketId), info: optional(info), splitChannels: split };
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
