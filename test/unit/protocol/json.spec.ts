import { describe, expect, it } from '@jest/globals';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { toJson } from '../../../lib/protocol/json.js';

const circular: Record<string, unknown> = {};
circular['self'] = circular;

function errorOf(...args: Parameters<typeof toJson>): PusherValidationError {
  try {
    toJson(...args);
  } catch (error) {
    if (error instanceof PusherValidationError) return error;
  }
  throw new Error('expected a PusherValidationError');
}

describe('toJson', () => {
  it.each([
    [null, 'null'],
    ['ü', '"ü"'],
    [{ a: [1, undefined] }, '{"a":[1,null]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('converts %p to %s', (value, json) => expect(toJson(value, 'data')).toBe(json));

  it.each([
    ['undefined', undefined, 'it is undefined'],
    ['a function', () => 1, 'it is a function'],
    ['a symbol', Symbol('x'), 'it is a symbol'],
    ['a bigint', 1n, 'BigInt'],
    ['a cycle', circular, 'circular'],
    ['an iterator', new Map([[1, 2]]).values(), 'it is an iterator, which becomes {}'],
    ['a toJSON that returns nothing', { toJSON: () => undefined }, 'it becomes undefined'],
  ])('rejects %s, naming the argument, the reason and the remedy', (_what, value, reason) => {
    const error = errorOf(value, 'events[3].data', 'Pass null.');
    expect(error.argument).toBe('events[3].data');
    expect(error.message).toContain('`events[3].data` cannot be converted to JSON (');
    expect(error.message).toContain(reason);
    expect(error.message).toMatch(/\)\. (?:Pass null|Pass a list of its values)\.$/);
  });

  it('keeps the error of the serializer as its cause, and shows one line of it', () => {
    const serialize = () => {
      throw new TypeError('first line\nsecond line');
    };
    const error = errorOf({}, 'data', 'Mend it.', serialize);
    expect(error.message).toBe('`data` cannot be converted to JSON (first line). Mend it.');
    expect(error.cause).toMatchObject({
      name: 'TypeError',
      message: String.raw`first line\nsecond line`,
    });
  });

  it('uses another serializer, which never receives undefined', () => {
    const received: unknown[] = [];
    const serialize = (value: unknown) => {
      received.push(value);
      return `<${String(value)}>`;
    };
    expect(toJson(10n, 'data', '', serialize)).toBe('<10>');
    expect(errorOf(undefined, 'data', '', serialize).message).toContain('it is undefined');
    expect(received).toEqual([10n]);
  });

  it('rejects what a serializer returns that is not a string', () => {
    expect(errorOf({}, 'data', '', () => 7).message).toContain('it becomes number');
  });
});
