import { Optional } from '@nestjs/common';
import type { PusherModuleOptions } from '../../options/pusher-module-options.js';
import { resolveOptions } from '../../options/resolve-options.js';
import { PusherService } from '../../pusher.service.js';
import { SystemRandomSource } from '../../runtime/random.js';
import { SystemClock } from '../../runtime/clock.js';
import type { AnyEvents, EventMap } from '../../trigger/trigger-options.js';
import * as assertions from './assertions.js';
import { FakeApi } from './fake-api.js';
import { type FakeChannel, FakeChannels } from './fake-channels.js';
import { FAKE_APP } from './fake-app.js';
import { PlannedFailures } from './planned-failures.js';
import { RecordingPublisher } from './recording-publisher.js';
import { type TriggeredEvent, readTriggered } from './triggered-event.js';

/**
 * The real service over a line that goes nowhere: the same checks, limits, sealing and errors, and
 * a record of what was triggered.
 */
export class FakePusherService<Events extends EventMap = AnyEvents> extends PusherService<Events> {
  readonly #triggered: TriggeredEvent[];
  readonly #failures: PlannedFailures;
  readonly #channels: FakeChannels;
  readonly #api: FakeApi;

  /** @param options other limits, another master key, and so on; the app is made up */
  constructor(@Optional() options?: Omit<PusherModuleOptions, 'url'>) {
    const resolved = resolveOptions({ ...FAKE_APP, ...options }, {});
    const triggered: TriggeredEvent[] = [];
    const failures = new PlannedFailures();
    const channels = new FakeChannels();
    const api = new FakeApi(channels, failures);
    super({
      options: resolved,
      api,
      publisher: new RecordingPublisher(
        (event) => triggered.push(readTriggered(event, resolved.masterKey)),
        failures,
      ),
      clock: new SystemClock(),
      random: new SystemRandomSource(),
    });
    this.#triggered = triggered;
    this.#failures = failures;
    this.#channels = channels;
    this.#api = api;
  }

  /** Everything that was triggered, in order: single events, events of batches, events to users. */
  triggered(): readonly TriggeredEvent[] {
    return [...this.#triggered];
  }

  /** Ids of the users whose connections were terminated, in order. */
  terminated(): readonly string[] {
    return [...this.#api.terminated];
  }

  /** Makes a channel occupied, for the queries that the tested code asks. */
  occupy(channel: string, state: FakeChannel = {}): void {
    this.#channels.occupy(channel, state);
  }

  /** Makes the next request fail, or the next few. @param times @default 1 */
  failNext(error: Error, times = 1): void {
    this.#failures.plan(error, times);
  }

  /** Forgets what was triggered, what was described, and what was to fail. */
  reset(): void {
    this.#triggered.length = 0;
    this.#api.terminated.length = 0;
    this.#failures.clear();
    this.#channels.clear();
  }

  /**
   * Asserts that the event was triggered, once or more.
   * @param match the channel (`#server-to-user-<id>` for an event to a user), or a test of the event
   * @throws AssertionError that shows what was triggered instead
   */
  assertTriggered(event: string, match?: assertions.EventMatcher): void {
    assertions.assertTriggered(this.#triggered, event, match);
  }

  /** Asserts that it was not triggered. @throws AssertionError that shows what was */
  assertNotTriggered(event: string, match?: assertions.EventMatcher): void {
    assertions.assertTriggeredTimes(this.#triggered, event, 0, match);
  }

  /** Asserts that it was triggered so often, no more and no less. @throws AssertionError that shows what was */
  assertTriggeredTimes(event: string, times: number, match?: assertions.EventMatcher): void {
    assertions.assertTriggeredTimes(this.#triggered, event, times, match);
  }

  /** Asserts that no event was triggered at all. @throws AssertionError that shows what was */
  assertNothingTriggered(): void {
    assertions.assertNothingTriggered(this.#triggered);
  }
}
