import { expect, it } from '@jest/globals';
import { hasPrototypeKey } from '../../../../lib/auth/endpoint/prototype-keys.js';

const read = (text: string) => JSON.parse(text) as object;

it.each([
  ['{}', false],
  ['{"a":"__proto__","b":["constructor"]}', false],
  ['{"a":null,"b":[1,{"c":true}]}', false],
  ['{"__proto__":1}', true],
  ['{"constructor":{}}', true],
  ['{"prototype":1}', true],
  ['{"constructor[prototype][x]":1}', true],
  ['{"a[__proto__]":1}', true],
  ['{"a[b]":1,"constructors":1,"my__proto__":1}', false],
  ['{"a":{"b":[0,{"__proto__":{"x":1}}]}}', true],
])('%s: %s', (text, answer) => expect(hasPrototypeKey(read(text))).toBe(answer));

it.each([
  [{}, false],
  [read('{"__proto__":1}'), true],
])('looks to the bottom of a deep value', (bottom, answer) => {
  let value: object = bottom;
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  expect(hasPrototypeKey(value)).toBe(answer);
});
