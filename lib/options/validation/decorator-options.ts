import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import {
  type ArgumentShape,
  argumentFault,
  whatWasGiven,
  withoutLeftOut,
} from '../../protocol/arguments.js';

/** What an option must be, as the end of a sentence, and whether a value is that. */
type ValueRule = readonly [what: string, holds: (value: unknown) => boolean];

const isString = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isListOf = (holds: (value: unknown) => boolean, value: unknown): boolean =>
  Array.isArray(value) && value.every(holds);

/** The longest time that a timer of Node can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const EVENT_NAME: ValueRule = ['the name of an event, a non-empty string', isString];
const CHANNELS: ValueRule = [
  'a channel name, a list of channel names, or a function that returns one of these',
  (value) => isString(value) || isFunction(value) || isListOf(isString, value),
];
const PAYLOAD: ValueRule = ['a function that returns what is sent', isFunction];

/** What the options of decorators and controllers must be, by their names. */
const RULES: Readonly<Record<string, ValueRule>> = {
  app: ['the name of one app, a non-empty string', isString],
  apps: ['a list of names of apps', (value) => isListOf(isString, value)],
  channel: ['a channel pattern, a non-empty string', isString],
  path: [
    'a path, or a list of paths',
    (value) => typeof value === 'string' || isListOf((path) => typeof path === 'string', value),
  ],
  user: ['a function that returns the user of a request', isFunction],
  guard: ['a class that extends PusherWebhookGuard', isFunction],
  decorators: [
    'a list of decorators, such as [UseGuards(MyGuard)]',
    (value) => isListOf(isFunction, value),
  ],
  event: EVENT_NAME,
  channels: CHANNELS,
  data: PAYLOAD,
  as: EVENT_NAME,
  on: CHANNELS,
  with: PAYLOAD,
  when: ['a function that returns true or false', isFunction],
  useFactory: ['a function that returns the options', isFunction],
  useClass: ['a class', isFunction],
  inject: ['a list of what the factory needs', Array.isArray],
  imports: ['a list of modules', Array.isArray],
  toOthers: ['true or false', (value) => typeof value === 'boolean'],
  onFailure: ["'rescue' or 'throw'", (value) => value === 'rescue' || value === 'throw'],
  acknowledge: ["'after' or 'before'", (value) => value === 'after' || value === 'before'],
  timeoutMs: [
    `a whole number of milliseconds, from 1 to ${MAX_TIMER_MS}`,
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_TIMER_MS,
  ],
};

/**
 * The options of a decorator, a module, or a function that creates a controller, without those that
 * were left out (`undefined` or `null`).
 * @param what the call as messages show it, such as `@AuthorizeChannel()`
 * @param required names of the options that must not be left out
 * @throws PusherOptionsError when they are not an object, have a name or a value that is not valid, or
 *   lack an option
 */
export function decoratorOptions<Options extends object>(
  what: string,
  options: Options | null | undefined,
  shape: ArgumentShape,
  required: readonly (keyof Options & string)[] = [],
): Options {
  const written = options ?? {};
  const fault = argumentFault(written, 'options', shape);
  const problems =
    fault === undefined
      ? [...missingOptions(written, required, shape), ...valueProblems(written)]
      : [fault];
  if (problems.length > 0) throw new PusherOptionsError(problems, `Invalid options for ${what}`);
  return withoutLeftOut(written) as Options;
}

function missingOptions(
  options: object,
  required: readonly string[],
  { example }: ArgumentShape,
): string[] {
  const given = withoutLeftOut(options);
  return required
    .filter((name) => !Object.hasOwn(given, name))
    .map((name) => `\`${name}\` is missing. Example: ${example}.`);
}

function valueProblems(options: object): string[] {
  return Object.entries(withoutLeftOut(options)).flatMap(([name, value]: [string, unknown]) => {
    const [expected, holds] = RULES[name] ?? [];
    if (holds === undefined || holds(value)) return [];
    return [`\`${name}\` must be ${expected}; ${whatWasGiven(value)}.`];
  });
}
