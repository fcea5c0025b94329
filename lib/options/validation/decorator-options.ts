import { PusherOptionsError } from '../../errors/pusher-options.error.js';
import {
  type ArgumentShape,
  argumentFault,
  meantValue,
  shownValue,
  withoutLeftOut,
} from '../../protocol/arguments.js';
import { LIMITS, type ServerRules } from '../../protocol/limits.js';
import { checkChannel, checkEventName } from '../../protocol/names.js';
import { hasFields } from '../../protocol/json.js';
import { numberWithUnit } from './number-with-unit.js';

/** What is wrong with the value of an option, as a sentence; `undefined` when nothing is. */
type ValueRule = (value: unknown, option: string) => string | undefined;

/** @param what what the option must be, as the end of a sentence */
function must(what: string, holds: (value: unknown) => boolean): ValueRule {
  return (value, option) => {
    if (holds(value)) return undefined;
    return typeof value === 'string' && value !== value.trim()
      ? `\`${option}\` has white space around it. Remove it.`
      : `\`${option}\` must be ${what}; ${shownValue(value)}.`;
  };
}

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value === value.trim();
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isListOf = (holds: (value: unknown) => boolean, value: unknown): boolean =>
  Array.isArray(value) && value.every(holds);

/** The longest time that a timer of Node can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const timeout: ValueRule = (value, option) => {
  const holds = (ms: unknown): boolean =>
    Number.isInteger(ms) && Number(ms) >= 1 && Number(ms) <= MAX_TIMER_MS;
  const range = `a whole number of milliseconds, from 1 to ${MAX_TIMER_MS}`;
  const problem = must(range, holds)(value, option);
  const meant = typeof value === 'string' ? numberWithUnit(value, 'milliseconds') : undefined;
  return problem !== undefined && holds(meant) ? `${problem} Write ${meant}.` : problem;
};

/** What all servers accept. The rules of the one in use, which is not known yet, may be stricter. */
const ANY_SERVER: ServerRules = { server: 'soketi', limits: LIMITS.reverb };

const eventName: ValueRule = (value, option) =>
  problemOf(() => checkEventName(value, option, ANY_SERVER));

const channels: ValueRule = (value, option) => {
  if (isFunction(value)) return undefined;
  if (typeof value === 'string')
    return problemOf(() => checkChannel(value, option, ANY_SERVER.limits));
  if (!Array.isArray(value) || value.length === 0)
    return `\`${option}\` must be a channel name, a list of at least one, or a function that returns one of these; ${Array.isArray(value) ? 'an empty list was given' : shownValue(value)}.`;
  return value
    .map((name, at) => problemOf(() => checkChannel(name, `${option}[${at}]`, ANY_SERVER.limits)))
    .find((problem) => problem !== undefined);
};

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const payload = must('a function that returns what is sent', isFunction);
const flag = must('true or false', (value) => typeof value === 'boolean');

/** What the options of decorators and controllers must be, by their names. */
const RULES: Readonly<Record<string, ValueRule>> = {
  app: must('the name of one app, a non-empty string', isName),
  apps: must('a list of names of apps', (value) => isListOf(isName, value)),
  name: must('the name of the app, a non-empty string', isName),
  isGlobal: flag,
  options: must('an object with options', hasFields),
  channel: must('a channel pattern, a non-empty string', isName),
  path: must(
    'a path, or a list of paths',
    (value) => typeof value === 'string' || isListOf((path) => typeof path === 'string', value),
  ),
  user: must('a function that returns the user of a request', isFunction),
  guard: must('a class that extends PusherWebhookGuard', isFunction),
  decorators: must('a list of decorators, such as [UseGuards(MyGuard)]', (value) =>
    isListOf(isFunction, value),
  ),
  event: eventName,
  channels,
  data: payload,
  as: eventName,
  on: channels,
  with: payload,
  when: must('a function that returns true or false', isFunction),
  useFactory: must('a function that returns the options', isFunction),
  useClass: must('a class', isFunction),
  inject: must('a list of what the factory needs', Array.isArray),
  imports: must('a list of modules', Array.isArray),
  toOthers: flag,
  onFailure: must("'rescue' or 'throw'", (value) => value === 'rescue' || value === 'throw'),
  acknowledge: must("'after' or 'before'", (value) => value === 'after' || value === 'before'),
  timeoutMs: timeout,
};

/** Options that may come from the environment, where everything is a string and may be empty. */
const FROM_STRINGS: Readonly<Record<string, 'number' | 'boolean' | 'string'>> = {
  timeoutMs: 'number',
  isGlobal: 'boolean',
  name: 'string',
};

/** The options without those that were left out, and with what strings stand for. */
function readOptions(written: object): [name: string, value: unknown][] {
  return Object.entries(withoutLeftOut(written)).flatMap(([name, value]: [string, unknown]) => {
    const type = FROM_STRINGS[name];
    if (typeof value !== 'string' || type === undefined) return [[name, value]];
    if (value === '') return [];
    return [[name, type === 'string' ? value : meantValue(value, type)]];
  });
}

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
  const read = fault === undefined ? readOptions(written) : [];
  const problems =
    fault === undefined
      ? [...missingOptions(read, required, shape), ...valueProblems(read)]
      : [fault];
  if (problems.length > 0) throw new PusherOptionsError(problems, `Invalid options for ${what}`);
  return Object.fromEntries(read) as Options;
}

function missingOptions(
  options: readonly (readonly [name: string, value: unknown])[],
  required: readonly string[],
  { example }: ArgumentShape,
): string[] {
  const given = new Set(options.map(([name]) => name));
  return required
    .filter((name) => !given.has(name))
    .map((name) => `\`${name}\` is missing. Example: ${example}.`);
}

function valueProblems(options: readonly (readonly [name: string, value: unknown])[]): string[] {
  return options.flatMap(([name, value]) => RULES[name]?.(value, name) ?? []);
}
