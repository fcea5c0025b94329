import { isRecord, meantValue } from '../../protocol/arguments.js';
import { type SettingsClass, groupOf, readAsOf } from './rules.js';
import { given } from '../given-options.js';

/**
 * A copy of the options, and of their groups, without what was left out, and with numbers and booleans
 * in place of the strings that stand for them: options often come from the environment, where
 * everything is a string. What a string does not clearly stand for stays a string, and is reported
 * with the other problems.
 */
export function fromStrings<Options extends object>(
  settings: SettingsClass,
  written: Options,
): Options {
  const rules = new settings();
  const read = Object.entries(given(written)).map(([option, value]: [string, unknown]) => [
    option,
    typeof value === 'string' ? fromString(rules, option, value) : groupIn(rules, option, value),
  ]);
  return Object.fromEntries(read) as Options;
}

function fromString(rules: object, option: string, text: string): unknown {
  const readAs = readAsOf(rules, option);
  return readAs === undefined ? text : meantValue(text, readAs);
}

function groupIn(rules: object, option: string, value: unknown): unknown {
  const group = groupOf(rules, option);
  return group !== undefined && isRecord(value) ? fromStrings(group, value) : value;
}
