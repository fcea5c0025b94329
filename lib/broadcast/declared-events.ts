import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type DiscoveredMethod, MethodDiscovery } from '../discovery/method-discovery.js';
import { LineLogger } from '../errors/line-logger.js';
import { PusherOptionsError } from '../errors/pusher-options.error.js';
import { isInstance, safeCause } from '../errors/safe-cause.js';
import { AppRegistry } from '../options/app-registry.js';
import { DEFAULT_APP } from '../options/pusher-options.js';
import type { ServerRules } from '../protocol/limits.js';
import { checkChannel, checkEventName } from '../protocol/names.js';
import { notifyFailure } from '../publishing/background/notify-failure.js';
import { Clock } from '../runtime/clock.js';
import { WarningLimiter } from '../runtime/warning-limiter.js';
import {
  declaredEvent,
  type EventArguments,
  type EventDeclaration,
  type EventService,
  EventServices,
  unknownApp,
} from './event-declaration.js';

/** The key under which the marks of `@TriggerEvent` are found. */
export const TRIGGER_EVENT = Symbol.for('nestjs-pusher-channels:trigger-event');

/** Injects `DeclaredEvents`. A registered symbol, so that the ESM and the CommonJS build agree on it. */
export const DECLARED_EVENTS = Symbol.for('nestjs-pusher-channels/declared-events');

/** The mark that `@TriggerEvent` puts on a method. */
export interface TriggerEventMark extends EventDeclaration {
  readonly onFailure?: 'rescue' | 'throw' | undefined;
  /** What publishes for objects that Nest has not created itself, while the application runs. */
  publisher?: DeclaredEvents;
}

/** Publishes the events that decorators declare. */
@Injectable()
export class DeclaredEvents implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new LineLogger('PusherBroadcast');
  readonly #services = new Map<string | undefined, EventService>();
  readonly #warnings: WarningLimiter;

  constructor(
    private readonly methods: MethodDiscovery,
    private readonly apps: AppRegistry,
    private readonly services: EventServices,
    clock: Clock,
  ) {
    this.#warnings = new WarningLimiter(clock);
  }

  /**
   * Checks the declared events; Nest calls it.
   * @throws PusherOptionsError which lists all methods that name an app that is not registered, or names
   *   that its server does not accept
   */
  onApplicationBootstrap(): void {
    const faults: string[] = [];
    for (const { mark, className, methodName } of this.#marked()) {
      mark.publisher = this;
      const app = this.apps.find(mark.app);
      const fault = app === undefined ? unknownApp(mark.app) : nameFault(mark, app);
      if (fault !== undefined) faults.push(`@TriggerEvent of ${className}.${methodName}: ${fault}`);
    }
    if (faults.length > 0) throw new PusherOptionsError(faults, 'Invalid declared events');
  }

  /** Publishes no more for objects that Nest has not created itself; Nest calls it. */
  onApplicationShutdown(): void {
    for (const { mark } of this.#marked()) if (mark.publisher === this) delete mark.publisher;
  }

  /** Emits the event. Never throws: a failure is logged, counted, and passed to `onFailure` of the app. */
  emit(declaration: EventDeclaration, subject: unknown, args: readonly unknown[]): void {
    let event: EventArguments | undefined;
    try {
      event = declaredEvent(declaration, subject, args);
      if (event !== undefined) this.#serviceOf(declaration.app).emit(...event);
    } catch (error) {
      this.#report(declaration, namesIn(event?.[0]), error);
    }
  }

  /** Triggers the event. Rejects as `trigger` does, or with what a function of the declaration throws. */
  async trigger(
    declaration: EventDeclaration,
    subject: unknown,
    args: readonly unknown[],
  ): Promise<void> {
    const event = declaredEvent(declaration, subject, args);
    if (event !== undefined) await this.#serviceOf(declaration.app).trigger(...event);
  }

  #report(
    { event, app = DEFAULT_APP }: EventDeclaration,
    channels: readonly string[],
    thrown: unknown,
  ): void {
    const count = this.#warnings.next(event);
    const message = `The event ${event} was not emitted: ${safeCause(thrown).message}`;
    this.#logger.debug(message);
    if (count > 0) this.#logger.warn(message);
    const registered = this.apps.find(app);
    if (registered === undefined) return;
    this.#serviceOf(app).countFailure?.();
    const error = isInstance(thrown, Error) ? thrown : safeCause(thrown);
    notifyFailure(registered.onFailure, { app, event, channels, error }, this.#logger);
  }

  #marked(): DiscoveredMethod<TriggerEventMark>[] {
    return this.methods.markedWith(TRIGGER_EVENT);
  }

  #serviceOf(app: string | undefined): EventService {
    const known = this.#services.get(app);
    if (known !== undefined) return known;
    const service = this.services.of(app);
    this.#services.set(app, service);
    return service;
  }
}

/** Why the server does not accept the name of the event, or of a channel that is known already. */
function nameFault({ event, channels }: EventDeclaration, rules: ServerRules): string | undefined {
  try {
    checkEventName(event, 'event', rules);
    for (const name of typeof channels === 'function' ? [] : [channels].flat())
      checkChannel(name, 'channels', rules.limits);
    return undefined;
  } catch (error) {
    return safeCause(error).message;
  }
}

/** The channel names that a declaration has returned, which may be anything. */
function namesIn(channels: unknown): string[] {
  return [channels].flat().filter((name) => typeof name === 'string');
}
