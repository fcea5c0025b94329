import type { PusherLimits } from '../../protocol/limits.js';
import { wholeNumber } from '../validation/rules.js';

const GIB = 2 ** 30;

/** The rules of `limits`. What the limits mean, and the values of each server, is in protocol/limits.ts. */
export class LimitSettings implements PusherLimits {
  @wholeNumber('channels', 1, 100_000) maxChannelsPerTrigger!: number;
  @wholeNumber('events', 1, 100_000) maxEventsPerBatch!: number;
  @wholeNumber('characters', 1, 10_000) maxChannelNameLength!: number;
  @wholeNumber('characters', 1, 10_000) maxEventNameLength!: number;
  @wholeNumber('bytes', 1, GIB) maxDataBytes!: number;
  @wholeNumber('bytes', 1, GIB) maxRequestBytes!: number;
  @wholeNumber('characters', 1, 10_000) maxUserIdLength!: number;
  @wholeNumber('bytes', 1, GIB) maxUserDataBytes!: number;
}
