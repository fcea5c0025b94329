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
  /** Bytes of the JSON that describes a presence member or a signed-in user. */
  maxUserDataBytes: number;
}

/** Names of the servers whose limits are known. */
export type PusherServer = 'pusher' | 'soketi' | 'reverb' | 'sockudo';

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

/**
 * The limits of each server in its default configuration. soketi and sockudo: their source code
 * (100 KiB of data, 2 kB of user data). Reverb limits the whole HTTP request, headers included, to
 * 10 000 bytes, and has no limit on a batch; the headers take less than 1 000.
 */
export const LIMITS: Readonly<Record<PusherServer, Readonly<PusherLimits>>> = {
  pusher: PUSHER,
  soketi: { ...PUSHER, maxDataBytes: 100 * KIB, maxUserDataBytes: 2 * KIB },
  sockudo: { ...PUSHER, maxDataBytes: 100 * KIB, maxUserDataBytes: 2 * KIB },
  reverb: { ...PUSHER, maxEventsPerBatch: 1000, maxDataBytes: 9_000, maxRequestBytes: 9_000 },
};
