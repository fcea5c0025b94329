import { PusherValidationError } from '../errors/pusher-validation.error.js';
import { safeCause } from '../errors/safe-cause.js';
import { typeName } from './arguments.js';

/**
 * The value as JSON.
 * @param argument name of the argument, such as `events[3].data`
 * @param remedy what the caller can do when the value has no JSON
 * @param serialize used in place of `JSON.stringify`; never receives `undefined`
 * @throws PusherValidationError that names the argument and says why the value has no JSON
 */
export function toJson(
  value: unknown,
  argument: string,
  remedy = 'Pass plain values, without cycles and bigints.',
  serialize: (value: unknown) => unknown = JSON.stringify,
): string {
  let json: unknown;
  try {
    json = value === undefined ? undefined : serialize(value);
  } catch (error) {
    throw noJson(argument, firstLineOf(error), remedy, error);
  }
  if (typeof json !== 'string') throw noJson(argument, reasonFor(value, json), remedy);
  if (json === '{}' && hasFields(value)) checkContent(value, argument, remedy);
  return json;
}

/** The JSON of a promise, `Map` or `Error` is that of an empty object: all that it holds would be lost. */
function checkContent(value: object, argument: string, remedy: string): void {
  const type = typeName(value);
  if (type === 'a promise') throw noJson(argument, 'it is a promise', 'Await it first.');
  if (type !== 'an object') throw noJson(argument, `it is ${type}, which becomes {}`, remedy);
  if (Symbol.iterator in value || Symbol.asyncIterator in value)
    throw noJson(argument, 'it is an iterator, which becomes {}', 'Pass a list of its values.');
}

function reasonFor(value: unknown, json: unknown): string {
  if (value === undefined) return 'it is undefined';
  // An object without JSON has a `toJSON`, or a serializer, that returns something else.
  return typeof value === 'object' ? `it becomes ${typeof json}` : `it is a ${typeof value}`;
}

function noJson(
  argument: string,
  reason: string,
  remedy: string,
  cause?: unknown,
): PusherValidationError {
  return new PusherValidationError(
    argument,
    `\`${argument}\` cannot be converted to JSON (${reason}). ${remedy}`,
    cause,
  );
}

function firstLineOf(error: unknown): string {
  // The copy has the line breaks of the message escaped.
  return safeCause(error).message.split('\\n', 1)[0] ?? '';
}

/** The fields of a JSON object, with values of any type. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether the value is an object with fields: not an array, not a primitive, not `null`. */
export function hasFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of the value; an empty object when it has none. */
export function fieldsOf(value: unknown): Fields {
  return hasFields(value) ? (value as Fields) : {};
}
