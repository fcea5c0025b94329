import { expect, it } from '@jest/globals';
import { numberWithUnit } from '../../../lib/options/validation/number-with-unit.js';

it.each<[string, string, number | undefined]>([
  ['5s', 'milliseconds', 5000],
  ['250 ms', 'milliseconds', 250],
  ['0.5S', 'milliseconds', 500],
  ['2min', 'milliseconds', 120_000],
  ['1h', 'milliseconds', 3_600_000],
  ['10KB', 'bytes', 10_240],
  ['1.5 mb', 'bytes', 1_572_864],
  ['10_000', 'bytes', 10_000],
  ['7.0', 'attempts', 7],
  ['0.3 ms', 'milliseconds', undefined],
  ['5 kB', 'milliseconds', undefined],
  ['5s', 'attempts', undefined],
  ['10,000', 'bytes', undefined],
  ['_', 'bytes', undefined],
  ['5 constructor', 'bytes', undefined],
  ['s', 'milliseconds', undefined],
])('%p in %s means %p', (text, unit, number) => {
  expect(numberWithUnit(text, unit)).toBe(number);
});
