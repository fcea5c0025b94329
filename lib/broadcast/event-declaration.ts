import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { shownName, typeName } from '../protocol/arguments.js';
import { isPromiseLike } from '../runtime/deadline.js';

/** Called with what the event is about, and with the arguments of the method that returned it. */
type Reader = (subject: unknown, ...args: unknown[]) => unknown;

/** An event as a decorator declares it. `names` holds what that decorator calls the parts. */
export interface EventDeclaration {
  readonly event: string;
  readonly channels: string | readonly string[] | Reader;
  /** The subject itself when it is left out. */
  readonly data?: Reader | undefined;
  readonly when?: Reader | undefined;
  readonly toOthers?: boolean | undefined;
  readonly app?: string | undefined;
  /** What the decorator calls `channels` and `data`, for messages. */
  readonly names: { readonly channels: string; readonly data: string };
}

/** The arguments of `emit` and `trigger`. */
export type EventArguments = [
  channels: string | readonly string[],
  event: string,
  data: unknown,
  options: { readonly toOthers?: boolean | undefined },
];

/** What publishes for an app. */
export interface EventService {
  emit(...args: EventArguments): void;
  trigger(...args: EventArguments): Promise<unknown>;
  /** Counts an event that could not even be emitted. A mock of the service may lack it. */
  countFailure?(): void;
}

/** Finds the service of an app. */
export abstract class EventServices {
  /**
   * @param app the name; `undefined` for the app without one
   * @throws PusherValidationError when no app has that name
   */
  abstract of(app: string | undefined): EventService;
}

/** Says that no app has that name, and what to do about it. */
export function unknownApp(app: string | undefined): string {
  const [what, name] =
    app === undefined
      ? ['no app is registered without a name', '']
      : [`no app is named "${shownName(app)}"`, ` name: '${shownName(app)}', … `];
  return `${what}. Register it with PusherModule.forRoot({${name}}), or correct \`app\`.`;
}

/**
 * What to publish about the subject; `undefined` when `when` says that nothing is.
 * @throws PusherValidationError when a function of the declaration returns what it must not; and
 *   whatever such a function throws
 */
export function declaredEvent(
  declaration: EventDeclaration,
  subject: unknown,
  args: readonly unknown[],
): EventArguments | undefined {
  const { channels, event, data, when, toOthers, names } = declaration;
  if (when !== undefined) {
    const isWanted = read('when', when, subject, args);
    if (isWanted === false) return undefined;
    if (isWanted !== true) throw wrong('when', 'true or false', isWanted);
  }
  const on =
    typeof channels === 'function' ? read(names.channels, channels, subject, args) : channels;
  const payload = data === undefined ? subject : read(names.data, data, subject, args);
  return [on as string | readonly string[], event, payload, { toOthers }];
}

function read(name: string, reader: Reader, subject: unknown, args: readonly unknown[]): unknown {
  const value = reader(subject, ...args);
  if (!isPromiseLike(value)) return value;
  // Nobody awaits it, and its rejection must not end the process.
  Promise.resolve(value).catch(() => undefined);
  throw wrong(name, 'a value', value);
}

function wrong(name: string, expected: string, value: unknown): PusherValidationError {
  return new PusherValidationError(
    name,
    `\`${name}\` must return ${expected}; ${typeName(value)} was returned. Do asynchronous work before.`,
  );
}
