import { describe, expect, it } from '@jest/globals';
import { hasPrototypeKey } from '../../../../lib/auth/endpoint/read-body.js';

const read = (json: string) => JSON.parse(json) as object;

describe('hasPrototypeKey', () => {
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
  ])('of %s is %s', (json, expected) => expect(hasPrototypeKey(read(json))).toBe(expected));

  it.each([
    [{}, false],
    [read('{"__proto__":1}'), true],
  ])('searches a value of any depth, down to %j', (bottom, expected) => {
    let value: object = bottom;
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    expect(hasPrototypeKey(value)).toBe(expected);
  });
});
