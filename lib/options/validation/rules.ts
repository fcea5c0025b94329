import { applyDecorators } from '@nestjs/common';
import { IsOptional, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { meantName, shownValue, whatWasGiven } from '../../protocol/arguments.js';
import { hasFields } from '../../protocol/json.js';
import { numberWithUnit } from './number-with-unit.js';

/**
 * A rule for one option, made of the decorators of class-validator. Its message completes a sentence
 * that begins with the name of the option. It never contains a value that may be a secret.
 */
type Rule = PropertyDecorator;

/** A class whose properties are options, with their rules. */
export type SettingsClass = new () => object;

export const HOUR_MS = 3_600_000;

const GROUP = Symbol('nestjs-pusher-channels:group');
const READ_AS = Symbol('nestjs-pusher-channels:read-as');

/** What a string in an option stands for, as environment variables and `ConfigService` have it. */
export type ReadAs = 'number' | 'boolean';

/** The option may be left out; otherwise the condition must hold. */
export function check(message: string, holds: (value: unknown) => boolean): Rule {
  return applyDecorators(IsOptional(), required(message, holds));
}

/** Like `check`, where the message depends on the value. @param faultOf returns what is wrong, if anything is */
export function checkBy(faultOf: (value: unknown) => string | undefined): Rule {
  const holds = (value: unknown): boolean => faultOf(value) === undefined;
  return applyDecorators(
    IsOptional(),
    required(faultOf.name, holds, (value) => faultOf(value) ?? ''),
  );
}

function required(
  message: string,
  holds: (value: unknown) => boolean,
  problemWith: (value: unknown, message: string) => string = hiddenProblem,
): Rule {
  return ValidateBy({
    name: message,
    validator: {
      validate: holds,
      defaultMessage: (args) => problemWith(args?.value, message),
    },
  });
}

/** A wrong type, or white space, which nobody sees; never the value. */
function hiddenProblem(value: unknown, message: string): string {
  if (typeof value !== 'string') return `${message}; ${whatWasGiven(value)}`;
  if (value !== value.trim()) return 'has white space around it. Remove it';
  if (isQuoted(value)) return 'has quotes around it. Remove them';
  return hasInvisible(value) ? `${message}; it has invisible characters` : message;
}

/** Whether the string has control characters, or others that nobody sees, as copied ones have. */
function hasInvisible(value: string): boolean {
  return /[\p{Cc}\p{Cf}]/u.test(value);
}

/** Quotes that a shell would have removed are part of the value in the environment files of Docker. */
export function isQuoted(value: string): boolean {
  return /^(["'`]).*\1$/s.test(value);
}

/**
 * Like `check`; the message shows what was given, unless that may be a secret.
 * @param meant returns what to write in its place, as code; `undefined` where that is not clear
 */
function checkShown(
  message: string,
  holds: (value: unknown) => boolean,
  meant: (value: string) => string | number | boolean | undefined = () => undefined,
): Rule {
  const problem = (value: unknown): string => {
    const remedy = typeof value === 'string' ? meant(value) : undefined;
    const given = shownValue(value, remedy !== undefined);
    return `${message}; ${given}${remedy === undefined ? '' : `. Write ${remedy}`}`;
  };
  return applyDecorators(IsOptional(), required(message, holds, problem));
}

/** Strings in the option are read as numbers, or as `true` and `false`, where that is what they are. */
export function reads(readAs: ReadAs): Rule {
  return (owner, option) => Reflect.defineMetadata(READ_AS, readAs, owner, option);
}

/** What a string in the option is read as. */
export function readAsOf(owner: object, option: string): ReadAs | undefined {
  return Reflect.getMetadata(READ_AS, owner, option) as ReadAs | undefined;
}

/** A non-empty string, which must not be left out. */
export function requiredString(what: string): Rule {
  return required(`must be ${what}, a non-empty string`, isCleanString);
}

/** Whether the value is a non-empty string without what copying adds: white space, quotes, invisible characters. */
export function isCleanString(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value === value.trim() &&
    !isQuoted(value) &&
    !hasInvisible(value)
  );
}

/** A whole number within two bounds, both included. @param unit such as `milliseconds` */
export function wholeNumber(unit: string, least: number, most: number): Rule {
  return integer(`a whole number of ${unit}, from ${least} to ${most}`, least, most, unit);
}

/** A TCP port. */
export function port(): Rule {
  return integer('a TCP port, a whole number from 1 to 65535', 1, 65_535);
}

function integer(what: string, least: number, most: number, unit = ''): Rule {
  const holds = (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  const meant = (text: string): number | undefined => {
    const number = numberWithUnit(text, unit);
    return holds(number) ? number : undefined;
  };
  return applyDecorators(checkShown(`must be ${what}`, holds, meant), reads('number'));
}

/** `true` or `false`. */
export function flag(): Rule {
  const holds = (value: unknown): boolean => typeof value === 'boolean';
  return applyDecorators(checkShown('must be true or false', holds, meantFlag), reads('boolean'));
}

/** What other tools read as true or false. */
function meantFlag(text: string): boolean | undefined {
  if (/^(?:1|yes|on)$/i.test(text.trim())) return true;
  return /^(?:0|no|off)$/i.test(text.trim()) ? false : undefined;
}

/** One of a few strings. */
export function oneOf(strings: readonly string[]): Rule {
  const isOne = (value: unknown): boolean => strings.some((string) => string === value);
  const meant = (text: string): string | undefined => {
    const name = meantName(text, strings);
    return name && `'${name}'`;
  };
  return checkShown(`must be one of '${strings.join("', '")}'`, isOne, meant);
}

/** An object with options, which have rules of their own in the class. @param form such as `{ ttlMs: 600000 }` */
export function group(settings: SettingsClass, form?: string): Rule {
  const message =
    form === undefined ? 'must be an object with options' : `must be an object such as ${form}`;
  return applyDecorators(
    check(message, hasFields),
    ValidateNested({ message }),
    groupMark(settings),
  );
}

/** As `group`, or `true` for its defaults, or `false` for off. */
export function groupOrBoolean(settings: SettingsClass): Rule {
  const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
  return applyDecorators(
    checkShown(
      'must be an object with options, true or false',
      (value) => isBoolean(value) || hasFields(value),
      meantFlag,
    ),
    reads('boolean'),
    ValidateIf((_owner, value: unknown) => !isBoolean(value)),
    ValidateNested({ message: 'must be an object with options' }),
    groupMark(settings),
  );
}

/** A list of objects, whose properties have rules in the class. @param form such as `{ key, secret }` */
export function listOf(settings: SettingsClass, form: string): Rule {
  return applyDecorators(
    check(`must be a list of ${form}`, Array.isArray),
    ValidateNested({ each: true, message: `must be an object such as ${form}` }),
    groupMark(settings),
  );
}

function groupMark(settings: SettingsClass): Rule {
  return (owner, option) => Reflect.defineMetadata(GROUP, settings, owner, option);
}

/** The class with the rules of the objects in an option; `undefined` when it holds no such objects. */
export function groupOf(owner: object, option: string): SettingsClass | undefined {
  return Reflect.getMetadata(GROUP, owner, option) as SettingsClass | undefined;
}
