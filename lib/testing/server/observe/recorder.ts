import type { RefusedActivity, ServerActivity } from './activity.js';
import type { PublishedEvent, ReceivedRequest, RecordedFrame, SentWebhook } from './records.js';
import { Waits } from './waits.js';

/** Frames are many and small: a test that runs for long must not fill the memory with them. */
const MAX_FRAMES = 10_000;
/** Refusals explain a wait that was in vain; the last ones are enough. */
const MAX_REFUSALS = 5;

interface RecorderSettings {
  recordLimit: number;
  onActivity: (activity: ServerActivity) => void;
}

/** What happened on a server, kept for tests, and those who wait for more. */
export class Recorder {
  readonly waits = new Waits();
  readonly published: Records<PublishedEvent>;
  readonly requests: Records<ReceivedRequest>;
  readonly webhooks: Records<SentWebhook>;
  readonly frames: Records<RecordedFrame>;
  readonly refusals = new Records<RefusedActivity>(MAX_REFUSALS);

  constructor(private readonly settings: RecorderSettings) {
    const { recordLimit } = settings;
    this.published = new Records(recordLimit);
    this.requests = new Records(recordLimit);
    this.webhooks = new Records(recordLimit);
    this.frames = new Records(Math.min(recordLimit, MAX_FRAMES));
  }

  /** Every change of state ends here: the listener is notified, and those who wait look again. */
  record(activity: ServerActivity): void {
    if (activity.type === 'published') this.published.add(activity.published);
    if (activity.type === 'refused') this.refusals.add(activity);
    this.settings.onActivity(activity);
    this.waits.changed();
  }

  stop(): void {
    this.waits.stop();
  }
}

/** Records in the order they came, the oldest dropped beyond a limit. */
export class Records<Item extends object> {
  readonly #items: Item[] = [];
  readonly #taken = new WeakSet<Item>();

  constructor(private readonly limit: number) {}

  add(item: Item): void {
    this.#items.push(item);
    // Cut at twice the limit: moving all the others for each new item would cost too much.
    if (this.#items.length > 2 * this.limit) this.#items.splice(0, this.#items.length - this.limit);
  }

  all(): Item[] {
    return this.#items.slice(this.limit === Infinity ? 0 : -this.limit);
  }

  /** The first item that matches and was not taken before. */
  take(matches: (item: Item) => boolean): Item | undefined {
    const found = this.#items.find((item) => !this.#taken.has(item) && matches(item));
    if (found) this.#taken.add(found);
    return found;
  }
}
