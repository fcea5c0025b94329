import { describe } from '@jest/globals';
import type { PusherError } from '../../../lib/errors/pusher-error.js';
import { Api, type ApiRequest } from '../../../lib/http/api.js';
import { BatchingPublisher } from '../../../lib/publishing/batching/batching-publisher.js';
import { DirectPublisher } from '../../../lib/publishing/direct-publisher.js';
import { InFlight } from '../../../lib/runtime/in-flight.js';
import { Turn } from '../../../lib/runtime/clock.js';
import { LIMITS } from '../../../lib/protocol/limits.js';
import type { EncodedEvent } from '../../../lib/publishing/event-publisher.js';
import { FakeChannels } from '../../../lib/testing/fake/fake-channels.js';
import { PlannedFailures } from '../../../lib/testing/fake/planned-failures.js';
import { RecordingPublisher } from '../../../lib/testing/fake/recording-publisher.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';
import { type PublisherStage, eventPublisherContract } from './contract.js';

interface Body {
  name: string;
  channels?: string[];
  batch?: { name: string }[];
}

/** Accepts events, and returns the number of each as the user count of its channels. */
class AcceptingApi extends Api {
  readonly accepted: string[] = [];
  readonly errors: PusherError[] = [];
  readonly #inFlight = new InFlight();
  #released = Promise.resolve();
  #release = (): void => undefined;

  request(request: ApiRequest): Promise<unknown> {
    return this.#inFlight.track(this.#respond(JSON.parse(request.body ?? '') as Body));
  }

  settled(): Promise<void> {
    return this.#inFlight.settled();
  }

  hold(): void {
    this.#released = new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#release();
  }

  async #respond({ name, channels = [], batch }: Body): Promise<unknown> {
    const error = this.errors.shift();
    await this.#released;
    if (error !== undefined) throw error;
    this.accepted.push(...(batch ?? [{ name }]).map((event) => event.name));
    return batch === undefined
      ? { channels: Object.fromEntries(channels.map((channel) => [channel, countOf(name)])) }
      : { batch: batch.map((event) => countOf(event.name)) };
  }
}

function countOf(name: string): { user_count: number } {
  return { user_count: Number(name) };
}

function stageOver(api: AcceptingApi, publisher: PublisherStage['publisher']): PublisherStage {
  return {
    publisher,
    accepted: () => api.accepted,
    failNext: (error) => void api.errors.push(error),
    hold: () => api.hold(),
    release: () => api.release(),
  };
}

eventPublisherContract('DirectPublisher', () => {
  const api = new AcceptingApi();
  return stageOver(api, new DirectPublisher({ api }));
});

describe.each([
  ['none', 1],
  ['none', 16],
  ['channel', 1],
  ['channel', 16],
] as const)('with order: %s and up to %i requests in flight', (order, maxInFlight) => {
  eventPublisherContract('BatchingPublisher', () => {
    const api = new AcceptingApi();
    const publisher = new BatchingPublisher({
      direct: new DirectPublisher({ api }),
      options: { order, maxInFlight, maxDelayMs: 1000, maxQueued: 100, whenFull: 'wait' },
      limits: { maxEventsPerBatch: 10, maxRequestBytes: 1_048_576 },
      maxConnections: maxInFlight,
      deadlineMs: 10_000,
      maxCallMs: 10_000,
      clock: new ManualClock(),
      turn: new Turn(),
    });
    return stageOver(api, publisher);
  });
});

eventPublisherContract('RecordingPublisher', () => {
  const accepted: string[] = [];
  const failures = new PlannedFailures();
  const channels = new FakeChannels({ server: 'pusher', limits: LIMITS.pusher });
  const record = ({ name }: EncodedEvent): void => {
    accepted.push(name);
    const userIds = Array.from({ length: Number(name) }, (_, id) => id);
    channels.occupy('presence-a', { userIds });
  };
  return {
    publisher: new RecordingPublisher(record, channels, failures),
    accepted: () => accepted,
    failNext: (error) => failures.plan(error, 1),
    hold: () => undefined,
    release: () => undefined,
  };
});
