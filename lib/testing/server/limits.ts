import { LIMITS, type PusherLimits } from '../../protocol/limits.js';

/** What a test server accepts. The limits of `PusherLimits` apply to the HTTP API and to connections. */
export interface TestServerLimits extends PusherLimits {
  /** Bytes of one frame from a client; a larger one closes the connection with 1009. */
  maxFrameBytes: number;
  /** Users on one presence channel. */
  maxPresenceMembers: number;
  /** Client events of one connection within a second. */
  maxClientEventsPerSecond: number;
  /** User ids of a watchlist that are used; further ones are ignored. */
  maxWatchlistLength: number;
  /** Milliseconds for which a cache channel keeps its event. */
  cacheTtlMs: number;
  /** Above this many connections on a channel, its subscription count is sent less often. */
  subscriptionCountsAtOnce: number;
  /** Milliseconds between two subscription counts of a channel with more connections than that. */
  subscriptionCountIntervalMs: number;
}

/** The limits of Pusher's cloud, from its documentation. */
export const DEFAULT_LIMITS: Readonly<TestServerLimits> = {
  ...LIMITS.pusher,
  maxFrameBytes: 100 * 1024,
  maxPresenceMembers: 100,
  maxClientEventsPerSecond: 10,
  maxWatchlistLength: 100,
  cacheTtlMs: 30 * 60 * 1000,
  subscriptionCountsAtOnce: 100,
  subscriptionCountIntervalMs: 5000,
};
