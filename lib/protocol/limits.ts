/** What a server accepts. Checked before a request is sent. */
export interface PusherLimits {
  /** Channels that one trigger may name. */
  maxChannelsPerTrigger: number;
  /** Events that one batch request may hold. */
  maxEventsPerBatch: number;
  /** Characters of a channel name, prefix included. */
  maxChannelNameLength: number;
  /** Characters of an event name. */
  maxEventNameLength: number;
  /** Bytes of the final `data` of one event: UTF-8, sealed and base64-encoded where it is. */
  maxDataBytes: number;
  /** Bytes of one request body. A batch is cut so that it stays below. */
  maxRequestBytes: number;
  /** Characters of a user id. */
  maxUserIdLength: number;
  /** Bytes of the JSON that describes a presence member or a signed-in user. */
  maxUserDataBytes: number;
}

/** Names of the servers whose limits are known. */
export type PusherServer = 'pusher' | 'soketi' | 'reverb' | 'sockudo';

const KIB = 1024;

/** Pusher's own cloud. Documentation and the texts of its refusals; 200 for names as its SDKs have it. */
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
 * Limits as the servers have them when nothing was configured. soketi and sockudo: their sources
 * (100 KiB of data, 2 kB of user data). Reverb counts the whole HTTP request, head included, against
 * 10 000 bytes and has no limit on a batch; the head takes under 1 000.
 */
export const LIMITS: Readonly<Record<PusherServer, Readonly<PusherLimits>>> = {
  pusher: PUSHER,
  soketi: { ...PUSHER, maxDataBytes: 100 * KIB, maxUserDataBytes: 2 * KIB },
  sockudo: { ...PUSHER, maxDataBytes: 100 * KIB, maxUserDataBytes: 2 * KIB },
  reverb: { ...PUSHER, maxEventsPerBatch: 1000, maxDataBytes: 9_000, maxRequestBytes: 9_000 },
};
