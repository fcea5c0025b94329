import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import {
  argumentFault,
  argumentShape,
  checkArgument,
  isRecord,
  meantName,
  readArgument,
  shownValue,
  typeName,
} from '../../../lib/protocol/arguments.js';

const SHAPE = argumentShape(
  'option',
  "{ socketId: '1.1' }",
  ['socketId', 'info', 'splitChannels'],
  {
    exclude: 'socketId',
  },
);

describe('the name that was meant', () => {
  it.each([
    ['socket_id', 'socketId'],
    ['socketID', 'socketId'],
    ['SOCKET-ID', 'socketId'],
    ['exclude', 'socketId'],
    ['EXCLUDE', 'socketId'],
    ['sokcetId', 'socketId'],
    ['socketIdd', 'socketId'],
    ['soketId', 'socketId'],
    ['splitChanels', 'splitChannels'],
    ['splitChannel', 'splitChannels'],
    ['inof', 'info'],
    ['inf', 'info'],
    ['fifo', undefined],
    ['data', undefined],
    ['__proto__', undefined],
    ['constructor', undefined],
    ['', undefined],
    ['socketId'.repeat(20), undefined],
  ])('by %j is %j', (name, meant) => {
    expect(meantName(name, SHAPE.names, SHAPE.otherNames)).toBe(meant);
  });
});

describe('an argument that is an object', () => {
  it.each<[string, object]>([
    ['a literal', { socketId: '1.1' }],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { info: [] })],
    [
      'an instance of a class',
      new (class Options {
        socketId = '1.1';
        toString(): string {
          return '';
        }
      })(),
    ],
    ['a frozen one', Object.freeze({ info: [] })],
    ['an empty one', {}],
  ])('may be %s', (_what, value) => {
    expect(argumentFault(value, 'options', SHAPE)).toBeUndefined();
  });

  it('may inherit names that are not known, as from a polluted prototype', () => {
    const value = Object.assign(Object.create({ polluted: true }) as object, { socketId: '1.1' });
    expect(argumentFault(value, 'options', SHAPE)).toBeUndefined();
  });

  it.each([
    ['socket_id', undefined],
    ['colour', 1],
    ['socketId ', 1],
  ])('must not have the name %j', (name, value) => {
    expect(() => checkArgument({ info: [], [name]: value }, 'options', SHAPE)).toThrow(
      expect.objectContaining({ argument: name, name: 'PusherValidationError' }),
    );
  });

  it('has the place of the name in the error', () => {
    const check = (): void => checkArgument({ x: 1 }, 'events[3]', SHAPE, 'events[3].');
    expect(check).toThrow(expect.objectContaining({ argument: 'events[3].x' }));
  });
});

it.each([
  ['text', 'a string'],
  ['', 'an empty string'],
  [5, 'a number'],
  [NaN, 'NaN'],
  [5n, 'a bigint'],
  [true, 'a boolean'],
  [Symbol('x'), 'a symbol'],
  [null, 'null'],
  [undefined, 'undefined'],
  [() => 1, 'a function'],
  [[], 'an array'],
  [new Map(), 'a Map'],
  [new Set(), 'a Set'],
  [new Date(), 'a Date'],
  [/x/, 'a RegExp'],
  [new URLSearchParams('a=b'), 'a URLSearchParams'],
  [new Uint8Array(1), 'a Uint8Array'],
  [new ArrayBuffer(1), 'an ArrayBuffer'],
  [new Error('x'), 'an Error'],
  [{ [Symbol.toStringTag]: 'x\ny' }, 'an object'],
])('the argument %p is refused as %s', (value, what) => {
  expect(isRecord(value)).toBe(false);
  expect(typeName(value)).toBe(what);
  expect(argumentFault(value, 'options', SHAPE)).toBe(
    `\`options\` must be an object such as { socketId: '1.1' }; ${what} was given.`,
  );
});

describe('shownValue', () => {
  it.each(['5s', '1.5 min', '6001x', '20kB', '1e3', '-1', 'yes', 'Off', ' ', '5\ns'])(
    'shows %j, which cannot be a secret',
    (value) => {
      expect(shownValue(value)).toBe(`${JSON.stringify(value)} was given`);
    },
  );

  it.each(['s3cr3t', 'hunter2', 'abc', '123abc', 'tcp', '12345678', '5e0f1a', 'no secret'])(
    'does not show %j, which may be one',
    (value) => {
      expect(shownValue(value)).toBe('a string was given');
    },
  );

  it('shows a wrong spelling of a value that is known, and numbers', () => {
    expect(shownValue('Soketi', true)).toBe('"Soketi" was given');
    expect(shownValue(65_536)).toBe('65536 was given');
    expect(shownValue('')).toBe('an empty string was given');
  });
});

it('a promise is refused with what to do about it', () => {
  expect(argumentFault(Promise.resolve({}), 'options', SHAPE)).toBe(
    "`options` must be an object such as { socketId: '1.1' }; it is a promise: await it first.",
  );
});

it('undefined and null are left out, as a whole and as parts', () => {
  expect(readArgument(undefined, 'options', SHAPE)).toEqual({});
  expect(readArgument(null, 'options', SHAPE)).toEqual({});
  const read = readArgument({ socketId: null, info: undefined, splitChannels: false }, 'o', SHAPE);
  expect(Object.entries(read)).toEqual([['splitChannels', false]]);
});

it('whatever an argument is, the error is of the library and on one line of printable characters', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.dictionary(fc.string({ unit: 'binary' }), fc.integer()),
  );
  fc.assert(
    fc.property(anything, (value) => {
      const error = errorOf(value);
      return (
        error === undefined ||
        (error instanceof PusherValidationError &&
          !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(error.message))
      );
    }),
    { numRuns: 10_000 },
  );
});

function errorOf(value: unknown): unknown {
  try {
    checkArgument(value, 'options', SHAPE);
    return undefined;
  } catch (error) {
    return error;
  }
}
