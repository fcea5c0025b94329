import { Optional } from '@nestjs/common';
import type { PusherModuleOptions } from '../../options/pusher-module-options.js';
import { resolveOptions } from '../../options/resolve-options.js';
import type { EventSchemas } from '../../events/define-events.js';
import { EventServices } from '../../broadcast/event-declaration.js';
import { ErrorLocator } from '../../http/error-locator.js';
import { LineLogger } from '../../errors/line-logger.js';
import { BackgroundPublisher } from '../../publishing/background/background-publisher.js';
import { CountedPublisher } from '../../publishing/counted-publisher.js';
import { PusherService } from '../../pusher.service.js';
import { SystemRandomSource } from '../../runtime/random.js';
import { SystemClock } from '../../runtime/clock.js';
import type { AnyEvents, EventMap } from '../../trigger/trigger-options.js';
import * as assertions from './assertions.js';
import { FakeApi } from './fake-api.js';
import { type FakeChannel, FakeChannels } from './fake-channels.js';
import { PlannedFailures } from './planned-failures.js';
import { RecordingPublisher } from './recording-publisher.js';
import { type TriggeredEvent, readTriggered } from './triggered-event.js';

/** An app that does not exist. Its host is in a domain that is reserved for not existing. */
export const FAKE_APP = {
  appId: 'fake-app',
  key: 'fake-key',
  secret: 'fake-secret',
  host: 'pusher.invalid',
  encryptionMasterKeyBase64: Buffer.alloc(32, 'fake').toString('base64'),
} as const satisfies PusherModuleOptions;

/**
 * The real service without a network: the same checks, limits, encryption and errors, and a record of
 * what was triggered.
 */
export class FakePusherService<Events extends EventMap = AnyEvents> extends PusherService<Events> {
  readonly #triggered: TriggeredEvent[];
  readonly #failures: PlannedFailures;
  readonly #channels: FakeChannels;
  readonly #api: FakeApi;
  readonly #options: PusherModuleOptions;
  readonly #checks: { events?: EventSchemas };

  /**
   * @param options options other than the defaults, such as limits or a master key; the app is an invented one
   * @param services the services of all apps, for `@Broadcast({ app })`; without them, this one stands for all
   */
  constructor(
    @Optional() options?: Omit<PusherModuleOptions, 'url'>,
    @Optional() services?: EventServices,
  ) {
    const written = { ...FAKE_APP, ...options };
    const resolved = { ...resolveOptions(written, {}) };
    const triggered: TriggeredEvent[] = [];
    const failures = new PlannedFailures();
    const channels = new FakeChannels(resolved);
    const api = new FakeApi(channels, failures);
    const publisher = new CountedPublisher(
      new RecordingPublisher(
        (event) => triggered.push(readTriggered(event, resolved.masterKey)),
        channels,
        failures,
      ),
    );
    const clock = new SystemClock();
    const background = new BackgroundPublisher({
      app: resolved.name,
      publisher,
      clock,
      logger: new LineLogger('FakePusherService'),
      locator: new ErrorLocator(undefined),
      onFailure: resolved.onFailure,
    });
    super({
      options: resolved,
      api,
      publisher,
      background,
      metrics: () => ({
        sent: publisher.sent,
        failed: publisher.failed + background.failed,
        retried: 0,
        batched: 0,
        queued: 0,
        inFlight: 0,
        held: background.held,
      }),
      clock,
      random: new SystemRandomSource(),
      services,
    });
    this.#options = written;
    this.#checks = resolved;
    this.#triggered = triggered;
    this.#failures = failures;
    this.#channels = channels;
    this.#api = api;
  }

  /** What an application registers the app with whose service this one replaces. */
  get options(): PusherModuleOptions {
    return this.#options;
  }

  /** Checks payloads as the application does whose service this one replaces. @internal */
  useEvents(events: EventSchemas | undefined): this {
    if (events !== undefined) this.#checks.events = events;
    return this;
  }

  /**
   * Everything that was triggered, emitted or broadcast, in order: single events, events of batches,
   * events to users. What is held is not among them until the work that holds it has succeeded.
   */
  triggered(): readonly TriggeredEvent[] {
    return [...this.#triggered];
  }

  /** Ids of the users whose connections were terminated, in order. */
  terminated(): readonly string[] {
    return [...this.#api.terminated];
  }

  /**
   * Makes a channel occupied, for the queries of the tested code, and for the attributes that it requests
   * with `info`. Those of other channels are 0 and `null`.
   * @throws PusherValidationError when no channel can be like that
   */
  occupy(channel: string, state: FakeChannel = {}): void {
    this.#channels.occupy(channel, state);
  }

  /** Makes the next requests fail with this error. @param times how many of them, or `Infinity`; 1 by default */
  failNext(error: Error, times = 1): void {
    this.#failures.plan(error, times);
  }

  /**
   * Forgets what was triggered, who was terminated, which channels are occupied, and the failures
   * still to come.
   */
  reset(): void {
    this.#triggered.length = 0;
    this.#api.terminated.length = 0;
    this.#failures.clear();
    this.#channels.clear();
  }

  /**
   * Asserts that the event was triggered, once or more.
   * @param match the channel (`#server-to-user-<id>` for an event to a user), or a predicate
   * @throws PusherAssertionError that shows what was triggered instead
   */
  assertTriggered(event: string, match?: assertions.EventMatcher): void {
    assertions.assertTriggered(this.#triggered, event, match);
  }

  /** Asserts that the event was not triggered. @throws PusherAssertionError that lists the triggered events */
  assertNotTriggered(event: string, match?: assertions.EventMatcher): void {
    assertions.assertTriggeredTimes(this.#triggered, event, 0, match);
  }

  /**
   * Asserts that the event was triggered exactly `times` times. @throws PusherAssertionError that
   * lists the triggered events
   */
  assertTriggeredTimes(event: string, times: number, match?: assertions.EventMatcher): void {
    assertions.assertTriggeredTimes(this.#triggered, event, times, match);
  }

  /** Asserts that no emitted event is still held. @throws PusherAssertionError that says how many are */
  assertNothingHeld(): void {
    assertions.assertNothingHeld(this.metrics().held);
  }

  /** Asserts that no event was triggered. @throws PusherAssertionError that lists the triggered events */
  assertNothingTriggered(): void {
    assertions.assertNothingTriggered(this.#triggered);
  }
}
