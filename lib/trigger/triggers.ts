import { PusherError } from '../errors/pusher-error.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { isInstance } from '../errors/safe-cause.js';
import type { PusherOptions } from '../options/pusher-options.js';
import { warnOfGap } from '../options/server-gaps.js';
import {
  type ArgumentShape,
  argumentShape,
  checkArgument,
  checkNoOptions,
  optional,
  whatWasGiven,
} from '../protocol/arguments.js';
import type { ChannelAttributes } from '../protocol/channel-attributes.js';
import { type CallSubject, ErrorLocator } from '../http/error-locator.js';
import type { ServerRules } from '../protocol/limits.js';
import { USER_CHANNEL_PREFIX } from '../protocol/names.js';
import { receiverId, type UserId } from '../protocol/user-ids.js';
import {
  type EncodedBatchEvent,
  type EncodedEvent,
  type EventPublisher,
  subjectOf,
  subjectOfBatch,
} from '../publishing/event-publisher.js';
import type { BackgroundPublisher } from '../publishing/background/background-publisher.js';
import type { RandomSource } from '../runtime/random.js';
import { encodeEvent, type EncodingOptions } from './encode-event.js';
import { senderSocketId } from './sender.js';
import {
  EMIT_OPTIONS,
  OTHER_NAMES,
  TRIGGER_OPTIONS,
  readTriggerOptions,
} from './read-trigger-options.js';
import { splitIntoBatches } from './split-into-batches.js';
import type {
  BatchEvent,
  BatchResult,
  EmitOptions,
  TriggerOptions,
  TriggerResult,
} from './trigger-options.js';
import { type EventDraft, validateEvent } from './validate-event.js';
import { applySchema } from './apply-schema.js';

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

/** The options of the app that publishing depends on. */
type PublishingOptions = EncodingOptions & ServerRules & Pick<PusherOptions, 'socketIdHeader'>;

/** The methods of the service that publish: each checks, encodes, and passes on to the publisher. */
export class Triggers {
  readonly #publisher: EventPublisher;
  readonly #background: BackgroundPublisher;
  readonly #options: PublishingOptions;
  readonly #random: RandomSource;
  readonly #locator: ErrorLocator;

  constructor(ports: {
    publisher: EventPublisher;
    background: BackgroundPublisher;
    options: PublishingOptions;
    random: RandomSource;
    locator?: ErrorLocator;
  }) {
    this.#publisher = ports.publisher;
    this.#background = ports.background;
    this.#options = ports.options;
    this.#random = ports.random;
    this.#locator = ports.locator ?? new ErrorLocator(undefined);
  }

  async trigger(
    channels: string | readonly string[],
    event: string,
    data: unknown,
    options?: TriggerOptions | null,
  ): Promise<TriggerResult> {
    const encoded = this.#prepare(channels, event, data, this.#read(options, TRIGGER_OPTIONS));
    if (encoded.channels.length > this.#options.limits.maxChannelsPerTrigger)
      return this.#split(encoded);
    try {
      return { channels: { ...(await this.#publisher.publish(encoded)) } };
    } catch (error) {
      throw this.#locator.locate(error, subjectOf(encoded));
    }
  }

  emit(
    channels: string | readonly string[],
    event: string,
    data: unknown,
    options?: EmitOptions | null,
  ): void {
    const encoded = this.#prepare(channels, event, data, this.#read(options, EMIT_OPTIONS));
    for (const part of this.#partsOf(encoded)) this.#background.emit(part);
  }

  async triggerBatch(
    events: readonly BatchEvent[],
    ...more: readonly unknown[]
  ): Promise<BatchResult> {
    checkNoOptions('triggerBatch', more, 'Write `socketId` and `info` into each event.');
    if (!Array.isArray(events))
      throw new PusherValidationError(
        'events',
        `\`events\` must be a list of events such as [${BATCH_ENTRY.example}]; ${whatWasGiven(events)}.`,
      );
    const encoded = Array.from(events as readonly BatchEvent[], (event, index) =>
      this.#encodeForBatch(event, index),
    );
    return { events: await this.#sendBatches(encoded) };
  }

  async sendToUser(
    userId: UserId | readonly UserId[],
    event: string,
    data: unknown,
    ...more: readonly unknown[]
  ): Promise<TriggerResult> {
    checkNoOptions(
      'sendToUser',
      more,
      'To leave out one connection, trigger on a private channel of the user with { socketId }.',
    );
    const channels = this.#channelsOf(userId);
    const encoded = this.#encode({ channels, isForUser: true, event, data, prefix: '' });
    if (Array.isArray(userId)) {
      const { channels: _all, ...rest } = encoded;
      await this.#sendBatches(channels.map((channel) => ({ ...rest, channel })));
    } else await this.#sendPart(0, subjectOf(encoded), () => this.#publisher.publish(encoded));
    return { channels: {} };
  }

  /** The channel of the user, or of each user in a list, once. */
  #channelsOf(userId: UserId | readonly UserId[]): string[] {
    const channelOf = (id: unknown, argument: string): string =>
      USER_CHANNEL_PREFIX + receiverId(id, argument, this.#options);
    if (!Array.isArray(userId)) return [channelOf(userId, 'userId')];
    return [...new Set(Array.from(userId, (id, index) => channelOf(id, `userId[${index}]`)))];
  }

  #prepare(
    channels: string | readonly string[],
    event: string,
    data: unknown,
    { socketId, info, splitChannels }: TriggerOptions,
  ): EncodedEvent {
    const names =
      typeof channels === 'string' ? [channels] : this.#listOf(channels, splitChannels === true);
    return this.#encode({ channels: names, event, data, socketId, info, prefix: '' });
  }

  /** The checked options, with the sender's connection where that is to be left out. */
  #read(options: TriggerOptions | null | undefined, shape: ArgumentShape): TriggerOptions {
    if (options === undefined || options === null) return NO_OPTIONS;
    const { toOthers, ...read } = readTriggerOptions(options, shape);
    if (toOthers !== true) return read;
    if (this.#options.socketIdHeader === undefined) throw withoutHeader();
    return { ...read, socketId: read.socketId ?? senderSocketId() };
  }

  #encode(draft: EventDraft): EncodedEvent {
    validateEvent(draft, this.#options);
    if (draft.isForUser) warnOfGap(this.#options, 'sendToUser');
    if (draft.info?.length) warnOfGap(this.#options, 'info of triggers');
    try {
      const { events } = this.#options;
      const checked = events === undefined ? draft : applySchema(draft, events);
      return encodeEvent(checked, this.#options, this.#random);
    } catch (error) {
      // Name and channels are valid by now; a schema may have thrown anything.
      if (isInstance(error, PusherValidationError)) {
        error.event = draft.event;
        error.channels = draft.channels;
      }
      throw error;
    }
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
        `\`channels\` must be the name of a channel, or a list of at least one name; ${channels?.length === 0 ? 'an empty list was given' : whatWasGiven(channels)}.`,
      );
    const { maxChannelsPerTrigger } = this.#options.limits;
    if (channels.length > maxChannelsPerTrigger && !splitChannels)
      throw new PusherValidationError(
        'channels',
        `\`channels\` has ${channels.length} names, ${maxChannelsPerTrigger} are allowed in one request. Pass { splitChannels: true } to send several requests.`,
      );
    return [...(channels as readonly string[])];
  }

  /** Sends the events in as few requests as the limits allow, one after the other. */
  async #sendBatches(events: readonly EncodedBatchEvent[]): Promise<ChannelAttributes[]> {
    const accepted: ChannelAttributes[] = [];
    for (const batch of splitIntoBatches(events, this.#options.limits))
      accepted.push(
        ...(await this.#sendPart(accepted.length, subjectOfBatch(batch), () =>
          this.#publisher.publishBatch(batch),
        )),
      );
    return accepted;
  }

  async #split(event: EncodedEvent): Promise<TriggerResult> {
    let channels: TriggerResult['channels'] = {};
    let accepted = 0;
    for (const part of this.#partsOf(event)) {
      const attributes = await this.#sendPart(accepted, subjectOf(part), () =>
        this.#publisher.publish(part),
      );
      accepted += part.channels.length;
      channels = { ...channels, ...attributes };
    }
    return { channels };
  }

  /** One event for each request that its channels need. */
  #partsOf(event: EncodedEvent): EncodedEvent[] {
    const most = this.#options.limits.maxChannelsPerTrigger;
    if (event.channels.length <= most) return [event];
    const parts: EncodedEvent[] = [];
    for (let start = 0; start < event.channels.length; start += most)
      parts.push({ ...event, channels: event.channels.slice(start, start + most) });
    return parts;
  }

  /** Sends one request. When it fails, its error says how many events had been accepted before. */
  async #sendPart<T>(before: number, about: CallSubject, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (before > 0 && error instanceof PusherError) error.accepted = before;
      throw this.#locator.locate(error, about);
    }
  }
}

function withoutHeader(): PusherValidationError {
  return new PusherValidationError(
    'toOthers',
    "`toOthers` needs to know the sender's connection. Set socketIdHeader: 'x-socket-id' in PusherModule.forRoot(), and let clients send that header.",
  );
}
