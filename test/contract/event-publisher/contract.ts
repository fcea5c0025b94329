import { beforeEach, describe, expect, it } from '@jest/globals';
import { PusherConnectionError } from '../../../lib/errors/pusher-connection.error.js';
import { PusherError } from '../../../lib/errors/pusher-error.js';
import type {
  EncodedBatchEvent,
  EncodedEvent,
  EventPublisher,
} from '../../../lib/publishing/event-publisher.js';

/** A publisher under test, and the server behind it. */
export interface PublisherStage {
  readonly publisher: EventPublisher;
  /** Names of the events accepted so far, in order. */
  accepted: () => readonly string[];
  /** Makes the next request fail. */
  failNext: (error: PusherError) => void;
  /** Lets requests wait for a response until `release`. Without effect where nothing is sent. */
  hold: () => void;
  release: () => void;
}

/** An event named by a number, which servers return as the user count of its channel. */
function event(number: number, ...channels: string[]): EncodedEvent {
  return { name: String(number), channels, data: `{"n":${number}}`, info: 'user_count' };
}

function batchEvent(number: number, channel: string): EncodedBatchEvent {
  return { name: String(number), channel, data: `{"n":${number}}`, info: 'user_count' };
}

function timeout(): PusherConnectionError {
  const exchange = { method: 'POST', path: '/events', attempts: 1 };
  return new PusherConnectionError('PUSHER_TIMEOUT', 'No response within 1 ms.', exchange, true);
}

/** What every way of publishing events has to do. */
export function eventPublisherContract(name: string, make: () => PublisherStage): void {
  describe(`${name} as EventPublisher`, () => {
    let stage: PublisherStage;
    beforeEach(() => {
      stage = make();
    });

    it('resolves with the attributes of the channels when the event has been accepted', async () => {
      const result = await stage.publisher.publish(event(7, 'presence-a'));
      expect(stage.accepted()).toEqual(['7']);
      // A publisher that sends nothing has no attributes to return.
      expect([{}, { 'presence-a': { userCount: 7 } }]).toContainEqual({ ...result });
    });

    it('accepts an event with several channels once', async () => {
      await stage.publisher.publish(event(1, 'a', 'b'));
      expect(stage.accepted()).toEqual(['1']);
    });

    it('resolves a batch with one entry per event, in order', async () => {
      const numbers = [3, 1, 2];
      const batch = numbers.map((number) => batchEvent(number, 'presence-a'));
      const entries = await stage.publisher.publishBatch(batch);
      expect(stage.accepted()).toEqual(['3', '1', '2']);
      expect([numbers.map(() => ({})), numbers.map((userCount) => ({ userCount }))]).toContainEqual(
        entries,
      );
    });

    it('accepts everything that is published at the same time, once', async () => {
      const { publisher } = stage;
      await Promise.all([
        publisher.publish(event(1, 'a')),
        publisher.publish(event(2, 'a')),
        publisher.publish(event(3, 'b')),
        publisher.publish(event(4, 'a', 'c')),
        publisher.publishBatch([batchEvent(5, 'a'), batchEvent(6, 'd')]),
      ]);
      expect(stage.accepted().toSorted()).toEqual(['1', '2', '3', '4', '5', '6']);
    });

    it.each([
      ['an event', (publisher: EventPublisher) => publisher.publish(event(1, 'a'))],
      ['a batch', (publisher: EventPublisher) => publisher.publishBatch([batchEvent(1, 'a')])],
    ])('rejects the promise of %s with the typed error of its request', async (_what, publish) => {
      const error = timeout();
      stage.failNext(error);
      await expect(publish(stage.publisher)).rejects.toBe(error);
      expect(stage.accepted()).toEqual([]);
      await stage.publisher.publish(event(2, 'a'));
      expect(stage.accepted()).toEqual(['2']);
    });

    it('rejects only the promise of the event that failed', async () => {
      stage.failNext(timeout());
      const outcomes = await Promise.allSettled([
        // With several channels it shares its request with no other event.
        stage.publisher.publish(event(1, 'a', 'b')),
        stage.publisher.publish(event(2, 'a')),
        stage.publisher.publishBatch([batchEvent(3, 'a')]),
      ]);
      const [first] = outcomes;
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
      expect(first.status === 'rejected' && first.reason).toBeInstanceOf(PusherError);
      expect(stage.accepted()).toEqual(['2', '3']);
    });

    it('resolves a flush after everything published before it has settled, failed or not', async () => {
      const { publisher } = stage;
      const settled: string[] = [];
      const settle = (what: string) => (): unknown => settled.push(what);
      stage.failNext(timeout());
      stage.hold();
      publisher.publish(event(1, 'a', 'b')).then(settle('accepted'), settle('failed'));
      publisher.publish(event(2, 'a')).then(settle('accepted'), settle('failed'));
      publisher.publishBatch([batchEvent(3, 'b')]).then(settle('accepted'), settle('failed'));
      const flushed = publisher.flush().then(() => [...settled]);
      stage.release();
      expect((await flushed).toSorted()).toEqual(['accepted', 'accepted', 'failed']);
    });

    it('resolves a flush when nothing was published', async () => {
      await expect(stage.publisher.flush()).resolves.toBeUndefined();
    });

    it('leaves the events and lists that it receives unchanged', async () => {
      const given = event(1, 'a', 'b');
      const batch = [batchEvent(2, 'a'), batchEvent(3, 'b')];
      const copies = structuredClone([given, batch]);
      Object.freeze(given.channels);
      batch.forEach(Object.freeze);
      await stage.publisher.publish(Object.freeze(given));
      await stage.publisher.publishBatch(Object.freeze(batch));
      expect([given, batch]).toEqual(copies);
      await stage.publisher.publish(given);
      expect(stage.accepted()).toEqual(['1', '2', '3', '1']);
    });
  });
}
