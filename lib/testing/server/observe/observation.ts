import type { Log } from './log.js';
import type {
  ConnectionState,
  FrameRecord,
  PublishedEvent,
  ReceivedRequest,
  SentWebhook,
} from './records.js';
import type { Waits } from './waits.js';

/**
 * What tests observe of a server's state. Apart from it, so that the types of `ws`, which an
 * application need not have, do not show through the public ones.
 */
export interface Observation {
  readonly published: Log<PublishedEvent>;
  readonly requests: Log<ReceivedRequest>;
  readonly webhooks: Log<SentWebhook>;
  readonly frames: Log<FrameRecord>;
  readonly waits: Waits;
  /** The clients that are connected now. */
  connectionStates(): ConnectionState[];
}
