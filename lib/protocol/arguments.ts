import { printable } from '../errors/printable.js';
import { PusherValidationError } from '../errors/pusher-validation.error.js';

/** What an object that a caller passes may contain. Made once for each kind of argument. */
export interface ArgumentShape {
  /** What its parts are called in messages. */
  readonly part: 'option' | 'field';
  /** A correct object, as code. */
  readonly example: string;
  readonly names: ReadonlySet<string>;
  /** Names that other libraries and the protocol use, normalized, with what to write here. */
  readonly otherNames: ReadonlyMap<string, string>;
}

/**
 * Describes an argument.
 * @param example a correct object, as code
 * @param otherNames what others call a part, with its name here; spelling and case do not matter
 */
export function argumentShape(
  part: ArgumentShape['part'],
  example: string,
  names: readonly string[],
  otherNames: Readonly<Record<string, string>> = {},
): ArgumentShape {
  const others = Object.entries(otherNames).map(
    ([other, name]) => [normalized(other), name] as const,
  );
  return { part, example, names: new Set(names), otherNames: new Map(others) };
}

/**
 * Checks that an argument is an object, and that it has no parts but the known ones. The parts
 * themselves are checked by those who use them.
 * @param argument name of the argument, such as `options` or `events[3]`
 * @param prefix what stands before the name of a part in messages, such as `events[3].`
 * @throws PusherValidationError that names the part, and the one that was probably meant
 */
export function checkArgument(
  value: unknown,
  argument: string,
  shape: ArgumentShape,
  prefix = '',
): asserts value is object {
  if (!isRecord(value))
    throw new PusherValidationError(argument, notARecord(value, argument, shape));
  const unknown = unknownNameIn(value, shape);
  if (unknown !== undefined)
    throw new PusherValidationError(prefix + unknown, unknownPart(unknown, shape, prefix));
}

/**
 * The parts of an argument that may be left out as a whole, without those that are `undefined` or `null`.
 * @throws PusherValidationError as `checkArgument`
 */
export function readArgument<Argument extends object>(
  value: Argument | null | undefined,
  argument: string,
  shape: ArgumentShape,
): Argument {
  const given = value ?? {};
  checkArgument(given, argument, shape);
  return withoutLeftOut(given) as Argument;
}

/** A copy without the parts that are `undefined` or `null`. */
export function withoutLeftOut<Value extends object>(value: Value): Value {
  const given = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(given) as Value;
}

/** What is wrong with an argument as a whole, as a sentence; `undefined` when nothing is. */
export function argumentFault(
  value: unknown,
  argument: string,
  shape: ArgumentShape,
): string | undefined {
  if (!isRecord(value)) return notARecord(value, argument, shape);
  const unknown = unknownNameIn(value, shape);
  return unknown === undefined ? undefined : unknownPart(unknown, shape, '');
}

/** Whether the value is an object with fields of its own: not a list, `Map`, `Date`, promise or the like. */
export function isRecord(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.prototype.toString.call(value) === '[object Object]'
  );
}

/** Names that are inherited are not the caller's. */
function unknownNameIn(value: object, { names }: ArgumentShape): string | undefined {
  for (const name in value) if (!names.has(name) && Object.hasOwn(value, name)) return name;
  return undefined;
}

function notARecord(value: unknown, argument: string, { example }: ArgumentShape): string {
  return `\`${argument}\` must be an object such as ${example}; ${whatWasGiven(value)}.`;
}

function unknownPart(name: string, shape: ArgumentShape, prefix: string): string {
  const meant = meantName(name, shape.names, shape.otherNames);
  const remedy =
    meant === undefined
      ? `the ${shape.part}${shape.names.size === 1 ? ' is' : 's are'} ${listed(shape.names)}`
      : `use \`${meant}\``;
  return `\`${prefix}${shownName(name)}\` is not ${shape.part === 'option' ? 'an option' : 'a field'}; ${remedy}. Example: ${shape.example}.`;
}

/** A name of the caller as messages show it, without quotes: on one line, and shortened. */
export function shownName(name: string): string {
  return printable(JSON.stringify(name.slice(0, 60)).slice(1, -1));
}

/** Names as messages list them: `a`, `b` and `c`, each in backticks. */
export function listed(names: Iterable<string>): string {
  const quoted = Array.from(names, (name) => `\`${name}\``);
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

/**
 * The name that was probably meant: one that differs in case and punctuation only, what another
 * library calls it, or one that is a typing error away. `undefined` when there is none.
 */
export function meantName(
  name: string,
  names: Iterable<string>,
  otherNames: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  const plain = normalized(name);
  const known = [...names];
  return (
    known.find((each) => normalized(each) === plain) ??
    otherNames.get(plain) ??
    known.find((each) => isTypingError(plain, normalized(each)))
  );
}

/** `socket_id`, `socketID` and `socket-id` are one name. */
export function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Longer names cannot be a typing error away from an option. */
const LONGEST_NAME = 40;

function isTypingError(one: string, two: string): boolean {
  if (one.length > LONGEST_NAME) return false;
  const allowed = Math.min(one.length, two.length) < 5 ? 1 : 2;
  return distance(one, two) <= allowed;
}

/** How many letters have to be added, removed, replaced or swapped with the next one. */
export function distance(one: string, two: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: two.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= two.length; j++) {
      const isSame = one[i - 1] === two[j - 1];
      const isSwapped = one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (beforeLast[j - 2] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    [beforeLast, last] = [last, row];
  }
  return last.at(-1) ?? 0;
}

/** The number or boolean that a string clearly stands for; otherwise the string. */
export function meantValue(text: string, kind: 'number' | 'boolean'): unknown {
  const trimmed = text.trim();
  if (kind === 'number') return /^[+-]?[0-9]{1,15}$/.test(trimmed) ? Number(trimmed) : text;
  return /^(?:true|false)$/i.test(trimmed) ? trimmed.toLowerCase() === 'true' : text;
}

/**
 * A value that must have one of these types, such as `'number'` or `'array'`. A string from the
 * environment that stands for a number or a boolean is read as that.
 * @throws PusherValidationError for a value of another type
 */
export function valueOfType(given: unknown, argument: string, types: readonly string[]): unknown {
  const value = types.includes('string') ? given : fromString(given, types);
  const type = Array.isArray(value) ? 'array' : typeof value;
  const isNumber = type === 'number';
  if (types.includes(type) && (!isNumber || Number(value) >= 0)) return value;
  const expected = types.map((name) => (name === 'number' ? 'number from 0 up' : name));
  throw new PusherValidationError(
    argument,
    `\`${argument}\` must be ${expected.map(withArticle).join(' or ')}; ${shownValue(value)}.`,
  );
}

/**
 * Checks a name that is not from the protocol, such as that of an app.
 * @param what what the argument must be, such as `the name of an app`
 * @throws PusherValidationError that names the argument
 */
export function checkName(value: unknown, argument: string, what: string): asserts value is string {
  if (typeof value !== 'string' || value === '')
    throw invalidArgument(argument, `must be ${what}, a non-empty string; ${shownValue(value)}`);
  if (value !== value.trim())
    throw invalidArgument(argument, 'has white space around it. Remove it');
}

function fromString(value: unknown, types: readonly string[]): unknown {
  const kind = (['number', 'boolean'] as const).find((name) => types.includes(name));
  return typeof value === 'string' && kind !== undefined ? meantValue(value, kind) : value;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** The type of a value as messages have it, such as `a string` or `a Map`; never the value. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value === '') return 'an empty string';
  if (Number.isNaN(value)) return 'NaN';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (Array.isArray(value)) return 'an array';
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (tag === 'Promise') return 'a promise';
  if (tag === 'Object' || !/^[A-Za-z0-9]{1,30}$/.test(tag)) return 'an object';
  return `${/^[AEIOU]/.test(tag) && !tag.startsWith('U') ? 'an' : 'a'} ${tag}`;
}

/** What messages say of a value of a wrong type, such as `a string was given`; never the value. */
export function whatWasGiven(value: unknown): string {
  const type = typeName(value);
  return type === 'a promise' ? 'it is a promise: await it first' : `${type} was given`;
}

/** Longer strings may be secrets, even when they are all digits. */
const MAX_SHOWN = 7;

/** White space, a number with or without a unit, and what other tools read as true and false. */
const NOT_A_SECRET =
  /^\s*(?:[+-]?\d[\d.,_]*(?:[ex]\d+|\s*(?:[a-z%]|[kmg]i?b|ms|sec|min))?|yes|no|on|off|true|false)?\s*$/i;

/**
 * As `whatWasGiven`, with the value of a number or of a string that cannot be a secret. Any other
 * string is not shown: a credential may have been written into the wrong option.
 * @param isKnown whether the string is a wrong spelling of a value that the option may have
 */
export function shownValue(value: unknown, isKnown = false): string {
  if (typeof value === 'number') return `${value} was given`;
  if (typeof value !== 'string' || value === '') return whatWasGiven(value);
  const isShown = isKnown || (value.length <= MAX_SHOWN && NOT_A_SECRET.test(value));
  return isShown ? `"${shownName(value)}" was given` : whatWasGiven(value);
}

/** The error for an argument. @param problem what is wrong, as the end of a sentence that begins with its name */
export function invalidArgument(argument: string, problem: string): PusherValidationError {
  return new PusherValidationError(argument, `\`${argument}\` ${problem}.`);
}

/**
 * Refuses options of a method that takes none, which would have no effect.
 * @param more the arguments after those that the method takes
 * @param remedy where to write them instead
 */
export function checkNoOptions(method: string, more: readonly unknown[], remedy: string): void {
  if (more.some((argument) => optional(argument) !== undefined))
    throw new PusherValidationError('options', `${method} takes no \`options\`. ${remedy}`);
}

/** The value, `undefined` when it is `null`: both mean that it was left out. */
export function optional<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}
