/** What a server accepts. Checked before a request is sent. */
export interface PusherLimits {
  /** Channels that one trigger may have. */
  maxChannelsPerTrigger: number;
  /** Events that one batch request may hold. */
  maxEventsPerBatch: number;
  /** Characters of a channel name, prefix included. */
  maxChannelNameLength: number;
  /** Characters of an event name. */
  maxEventNameLength: number;
  /** Bytes of the final `data` of one event: as UTF-8, and encrypted on an encrypted channel. */
  maxDataBytes: number;
  /** Bytes of one request body. Batches are split to stay below it. */
  maxRequestBytes: number;
  /** Characters of a user id. */
  maxUserIdLength: number;
  /**
   * Bytes of the JSON that describes a presence member or a signed-in user. soketi and sockudo count
   * the `userInfo` of presence members alone.
   */
  maxUserDataBytes: number;
}

/** Names of the servers whose limits are known. */
export type PusherServer = 'pusher' | 'soketi' | 'reverb' | 'sockudo';

/** The server of an app, and its limits: what identifiers and sizes are checked against. */
export interface ServerRules {
  readonly server: PusherServer;
  readonly limits: Readonly<PusherLimits>;
}

const KIB = 1024;

/** Pusher's own cloud: its documentation and its error messages; 200 for names as in its SDKs. */
const PUSHER: PusherLimits = {
  maxChannelsPerTrigger: 100,
  maxEventsPerBatch: 10,
  maxChannelNameLength: 200,
  maxEventNameLength: 200,
  maxDataBytes: 10 * KIB,
  maxRequestBytes: 1024 * KIB,
  maxUserIdLength: 128,
  maxUserDataBytes: KIB,
};

/** soketi and sockudo have no limit for user ids; with this one they fit everywhere in a frame. */
const SOKETI: PusherLimits = {
  ...PUSHER,
  maxDataBytes: 100 * KIB,
  maxUserIdLength: KIB,
  maxUserDataBytes: 2 * KIB,
};

/** Bytes that the headers of a request, and what surrounds the data in a frame, leave on Reverb. */
const REVERB_BYTES = 9_000;

/**
 * The limits of each server in its default configuration. soketi and sockudo: their source code
 * (100 KiB of data, 2 kB of user data). Reverb has a single limit, 10 000 bytes for a whole HTTP
 * request with its headers and for a frame; the headers take less than 1 000.
 */
export const LIMITS: Readonly<Record<PusherServer, Readonly<PusherLimits>>> = {
  pusher: PUSHER,
  soketi: SOKETI,
  sockudo: SOKETI,
  reverb: {
    ...PUSHER,
    maxEventsPerBatch: 1000,
    maxChannelNameLength: REVERB_BYTES,
    maxEventNameLength: REVERB_BYTES,
    maxDataBytes: REVERB_BYTES,
    maxRequestBytes: REVERB_BYTES,
    maxUserIdLength: REVERB_BYTES,
    maxUserDataBytes: REVERB_BYTES,
  },
};
