import type { ChannelAttribute } from '../protocol/channel-attributes.js';

/** An event as it was given, before anything is known to be right about it. */
export interface EventDraft {
  readonly channels: readonly string[];
  /** Set when the event is for one user; `channels` then holds that user's own. */
  readonly userId?: string;
  readonly event: string;
  readonly data: unknown;
  readonly socketId?: string | undefined;
  readonly info?: readonly ChannelAttribute[] | undefined;
  /** Where the caller wrote it, for errors: `''`, or `events[3].` in a batch. */
  readonly place: string;
}
