import { applyDecorators } from '@nestjs/common';
import {
  IsInt,
  IsOptional,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { hasFields } from '../../protocol/wire.js';

/**
 * A rule for one option, made of the decorators of class-validator. Its message completes a sentence
 * that begins with the name of the option, and never contains the value, which may be a secret.
 */
type Rule = PropertyDecorator;

/** A class whose properties are options, with their rules. */
export type SettingsClass = new () => object;

export const HOUR_MS = 3_600_000;

const GROUP = Symbol('nestjs-pusher-channels:group');

/** The option may be left out; otherwise the condition must hold. */
export function check(message: string, holds: (value: unknown) => boolean): Rule {
  return applyDecorators(IsOptional(), required(message, holds));
}

function required(message: string, holds: (value: unknown) => boolean): Rule {
  return ValidateBy({
    name: message,
    validator: { validate: holds, defaultMessage: () => message },
  });
}

/** A non-empty string, which must not be left out. */
export function requiredString(what: string): Rule {
  return required(
    `must be ${what}, a non-empty string`,
    (value) => typeof value === 'string' && value.trim() !== '',
  );
}

/** A whole number within two bounds, both included. @param unit such as `milliseconds` */
export function wholeNumber(unit: string, least: number, most: number): Rule {
  const message = `must be a whole number of ${unit}, from ${least} to ${most}`;
  return applyDecorators(
    IsOptional(),
    IsInt({ message }),
    Min(least, { message }),
    Max(most, { message }),
  );
}

/** `true` or `false`. */
export function flag(): Rule {
  return check('must be true or false', (value) => typeof value === 'boolean');
}

/** One of a few strings. */
export function oneOf(strings: readonly string[]): Rule {
  return check(`must be one of '${strings.join("', '")}'`, (value) =>
    strings.some((string) => string === value),
  );
}

/** An object with options, which have rules of their own in the class. */
export function group(settings: SettingsClass): Rule {
  return applyDecorators(
    check('must be an object with options', hasFields),
    ValidateNested({ message: 'must be an object with options' }),
    groupMark(settings),
  );
}

/** As `group`, or `true` for its defaults, or `false` for off. */
export function groupOrBoolean(settings: SettingsClass): Rule {
  const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
  return applyDecorators(
    check(
      'must be an object with options, true or false',
      (value) => isBoolean(value) || hasFields(value),
    ),
    ValidateIf((_owner, value: unknown) => !isBoolean(value)),
    ValidateNested({ message: 'must be an object with options' }),
    groupMark(settings),
  );
}

/** A list of objects, whose properties have rules in the class. @param form such as `{ key, secret }` */
export function listOf(settings: SettingsClass, form: string): Rule {
  const message = `must be a list of ${form}`;
  return applyDecorators(
    check(message, Array.isArray),
    ValidateNested({ each: true, message }),
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
