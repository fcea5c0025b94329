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
 * Property rules made of class-validator's. Their messages complete a sentence that begins with the
 * path of the option, and they never repeat the value, which may be a secret.
 */
type Rule = PropertyDecorator;

/** The test has to hold. */
function required(message: string, holds: (value: unknown) => boolean): Rule {
  return ValidateBy({
    name: message,
    validator: { validate: holds, defaultMessage: () => message },
  });
}

/** May be left out; otherwise the test has to hold. */
export function check(message: string, holds: (value: unknown) => boolean): Rule {
  return applyDecorators(IsOptional(), required(message, holds));
}

/** A text with something in it, which may not be left out. */
export function requiredText(what: string): Rule {
  return required(
    `must be ${what}, a text that is not empty`,
    (value) => typeof value === 'string' && value.trim() !== '',
  );
}

/** A whole number between two bounds, both included. @param what such as `number of bytes` */
export function wholeNumber(what: string, least: number, most: number): Rule {
  const message = `must be a ${what}, whole, from ${least} to ${most}`;
  return applyDecorators(
    IsOptional(),
    IsInt({ message }),
    Min(least, { message }),
    Max(most, { message }),
  );
}

/** Yes or no. */
export function flag(): Rule {
  return check('must be true or false', (value) => typeof value === 'boolean');
}

/** One of a few words. */
export function oneOf(words: readonly string[]): Rule {
  return check(`must be one of '${words.join("', '")}'`, (value) =>
    words.some((word) => word === value),
  );
}

/** An object whose own rules are checked too; `true` and `false` stand for defaults and for off. */
export function group(switches: 'a switch too' | 'no switch' = 'no switch'): Rule {
  const isSwitch = (value: unknown): boolean =>
    switches === 'a switch too' && typeof value === 'boolean';
  return applyDecorators(
    check(
      `must be an object with options${switches === 'a switch too' ? ', true or false' : ''}`,
      (value) => isSwitch(value) || hasFields(value),
    ),
    ValidateIf((_owner, value: unknown) => !isSwitch(value)),
    ValidateNested({ message: 'must be an object with options' }),
  );
}
