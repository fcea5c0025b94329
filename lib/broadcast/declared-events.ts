import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { MethodDiscovery } from '../discovery/method-discovery.js';
import { LineLogger } from '../errors/line-logger.js';
import { PusherOptionsError } from '../errors/pusher-options.error.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { safeCause } from '../errors/safe-cause.js';
import { AppRegistry } from '../options/app-registry.js';
import { typeName } from '../protocol/arguments.js';
import { Clock } from '../runtime/clock.js';
import { WarningLimiter } from '../runtime/warning-limiter.js';

/** The key under which the marks of `@TriggerEvent` are found. */
export const TRIGGER_EVENT = Symbol.for('nestjs-pusher-channels:trigger-event');

/** Injects `DeclaredEvents`. A registered symbol, so that the ESM and the CommonJS build agree on it. */
export const DECLARED_EVENTS = Symbol.for('nestjs-pusher-channels/declared-events');

/** Called with the method's result and its arguments. */
type Reader = (result: unknown, ...args: unknown[]) => unknown;

/** The mark that `@TriggerEvent` puts on a method. */
export interface TriggerEventMark {
  readonly event: string;
  readonly channels: string | readonly string[] | Reader;
  readonly data?: Reader | undefined;
  readonly when?: Reader | undefined;
  readonly toOthers?: boolean | undefined;
  readonly app?: string | undefined;
  readonly onFailure?: 'rescue' | 'throw' | undefined;
  /** What publishes for objects that Nest has not created itself, from the start of the application on. */
  publisher?: DeclaredEvents;
}

/** The arguments of `emit` and `trigger`. */
type Arguments = [
  channels: string | readonly string[],
  event: string,
  data: unknown,
  options: { readonly toOthers?: boolean | undefined },
];

/** What publishes for an app. */
interface EventService {
  emit(...args: Arguments): void;
  trigger(...args: Arguments): Promise<unknown>;
}

/** Finds the service of an app. */
export abstract class EventServices {
  abstract of(app: string | undefined): EventService;
}

/** Publishes the events that `@TriggerEvent` declares. */
@Injectable()
export class DeclaredEvents implements OnApplicationBootstrap {
  readonly #logger = new LineLogger('PusherTriggerEvent');
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
   * @throws PusherOptionsError which lists all methods that name an app that is not registered
   */
  onApplicationBootstrap(): void {
    const faults: string[] = [];
    for (const method of this.methods.markedWith<TriggerEventMark>(TRIGGER_EVENT)) {
      const { mark, className, methodName } = method;
      mark.publisher = this;
      if (this.apps.find(mark.app) !== undefined) continue;
      const [what, name] =
        mark.app === undefined
          ? ['no app is registered without a name', '']
          : [`no app is named "${mark.app}"`, ` name: '${mark.app}', … `];
      faults.push(
        `@TriggerEvent of ${className}.${methodName}: ${what}. Register it with PusherModule.forRoot({${name}}), or correct \`app\`.`,
      );
    }
    if (faults.length > 0) throw new PusherOptionsError(faults, 'Invalid declared events');
  }

  /** Emits the event of a method that has succeeded. Never throws: a failure is logged. */
  emit(mark: TriggerEventMark, result: unknown, args: readonly unknown[]): void {
    try {
      const event = argumentsOf(mark, result, args);
      if (event !== undefined) this.#serviceOf(mark.app).emit(...event);
    } catch (error) {
      const count = this.#warnings.next(mark.event);
      const message = `The event ${mark.event} was not emitted: ${safeCause(error).message}`;
      this.#logger.debug(message);
      if (count > 0) this.#logger.warn(message);
    }
  }

  /** Triggers the event of a method that has succeeded. Rejects as `trigger` does, or as the readers throw. */
  async trigger(mark: TriggerEventMark, result: unknown, args: readonly unknown[]): Promise<void> {
    const event = argumentsOf(mark, result, args);
    if (event !== undefined) await this.#serviceOf(mark.app).trigger(...event);
  }

  #serviceOf(app: string | undefined): EventService {
    const known = this.#services.get(app);
    if (known !== undefined) return known;
    const service = this.services.of(app);
    this.#services.set(app, service);
    return service;
  }
}

/** What to publish; `undefined` when `when` says that nothing is. */
function argumentsOf(
  mark: TriggerEventMark,
  result: unknown,
  args: readonly unknown[],
): Arguments | undefined {
  const { channels, event, data, when, toOthers } = mark;
  if (when !== undefined) {
    const isWanted = read('when', when, result, args);
    if (isWanted === false) return undefined;
    if (isWanted !== true) throw wrong('when', 'true or false', isWanted);
  }
  const names =
    typeof channels === 'function' ? read('channels', channels, result, args) : channels;
  const payload = data === undefined ? result : read('data', data, result, args);
  return [names as string | readonly string[], event, payload, { toOthers }];
}

function read(name: string, reader: Reader, result: unknown, args: readonly unknown[]): unknown {
  const value = reader(result, ...args);
  if (typeof (value as PromiseLike<unknown> | null | undefined)?.then !== 'function') return value;
  // Nobody awaits it, and its rejection must not end the process.
  Promise.resolve(value).catch(() => undefined);
  throw wrong(name, 'a value', value);
}

function wrong(name: string, expected: string, value: unknown): PusherValidationError {
  return new PusherValidationError(
    name,
    `\`${name}\` must return ${expected}; ${typeName(value)} was returned. Do asynchronous work in the method itself.`,
  );
}
