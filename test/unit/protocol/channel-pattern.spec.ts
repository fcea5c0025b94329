import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  ChannelPattern,
  PatternFault,
  type PatternParams,
} from '../../../lib/protocol/channel-pattern.js';

describe('match', () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ['private-orders.{id}', 'private-orders.17', { id: '17' }],
    ['private-orders.{id}', 'private-orders.', undefined],
    ['private-orders.{id}', 'private-orders', undefined],
    ['private-orders.{id}', 'private-orders.1.2', undefined],
    ['private-orders.{id}', 'xprivate-orders.1', undefined],
    ['private-orders.{id}', 'private-ordersX1', undefined],
    ['private-orders.{id}', 'presence-orders.1', undefined],
    ['private-orders.{id}', 'private-encrypted-orders.1', undefined],
    ['private-{x}', 'private-encrypted-orders', undefined],
    ['private-{x}.{y}', 'private-encrypted-a.b', undefined],
    ['private-{x}', 'private-encrypted', { x: 'encrypted' }],
    ['private-{x}', 'private-cache-a', { x: 'cache-a' }],
    ['private-encrypted-{x}', 'private-encrypted-a', { x: 'a' }],
    ['private-encrypted-{x}', 'private-a', undefined],
    ['presence-{x}-room-{y}', 'presence-a-room-b', undefined],
    ['presence-r{x}y.{z}', 'presence-rxyy.1', { x: 'xy', z: '1' }],
    ['presence-r{x}y.{z}', 'presence-ry.1', undefined],
    ['presence-aba{x}aba', 'presence-ababa', undefined],
    ['private-{a}.{b}.{c}', 'private-1.2.3', { a: '1', b: '2', c: '3' }],
    ['private-{__proto__}', 'private-1', JSON.parse('{"__proto__":"1"}') as Record<string, string>],
    ['private-a.b', 'private-a.b', {}],
    ['private-a.b', 'private-aXb', undefined],
    ['news.{topic}', 'news.sport', { topic: 'sport' }],
    ['{any}', 'private-a', undefined],
    ['private-user-{email...}', 'private-user-ada@example.com', { email: 'ada@example.com' }],
    ['private-user-{email...}', 'private-user-ada', { email: 'ada' }],
    ['private-user-{email...}', 'private-user-.', { email: '.' }],
    ['private-user-{email...}', 'private-user-', undefined],
    ['private-user-{email...}', 'private-user', undefined],
    ['private-user-{email...}', 'private-encrypted-user-a.b', undefined],
    ['private-{rest...}', 'private-encrypted-a.b', undefined],
    ['private-{rest...}', 'private-a..b.', { rest: 'a..b.' }],
    ['private-{team}.{rest...}', 'private-red.a.b', { team: 'red', rest: 'a.b' }],
    ['private-{team}.{rest...}', 'private-red', undefined],
    ['private-{team}.{rest...}', 'private-red.', undefined],
    ['private-{team}.x{rest...}', 'private-red.xa.b', { team: 'red', rest: 'a.b' }],
    ['private-{team}.x{rest...}', 'private-red.x', undefined],
    ['private-{team}.x{rest...}', 'private-red.x.b', { team: 'red', rest: '.b' }],
    ['presence-a.b.{rest...}', 'presence-a.c.d', undefined],
  ])('%s on %s', (text, name, values) => {
    const found = ((): unknown => {
      try {
        return new ChannelPattern(text).match(name);
      } catch (error) {
        if (error instanceof PatternFault) return undefined;
        throw error;
      }
    })();
    expect(found === undefined ? undefined : Object.entries(found as object)).toEqual(
      values && Object.entries(values),
    );
  });

  it('returns values without a prototype', () => {
    const values = new ChannelPattern('private-{constructor}').match('private-1');
    expect(Object.getPrototypeOf(values)).toBeNull();
  });
});

describe('a pattern that is not valid says why', () => {
  it.each([
    ['', /is empty/],
    ['private-{a}{b}', /segment "private-\{a\}\{b\}"/],
    ['private-users.:id', /Write \{id\} in place of :id/],
    ['private-*', /\{name\} for one part between dots, or \{name\.\.\.\} at the end/],
    ['private-{a', /segment "private-\{a"/],
    ['private-a}', /neither plain text nor/],
    ['private-{}', /neither plain text nor/],
    ['private-{1a}', /neither plain text nor/],
    ['private-{a.b}', /neither plain text nor/],
    ['private-{...}', /neither plain text nor/],
    ['private-{1...}', /neither plain text nor/],
    ['private-{a..}', /neither plain text nor/],
    ['private-{a}{b...}', /neither plain text nor/],
    ['private-{a...}.b', /\{a\.\.\.\} before its end/],
    ['private-{a...}b', /comes last, with nothing behind it/],
    ['private-{a...}.{b...}', /\{a\.\.\.\} before its end/],
    ['private-{a}.{a...}', /\{a\} twice/],
    ['private-{a}.{a}', /\{a\} twice/],
    ['private-a:b', /character/],
    ['private-ä.{x}', /character/],
    ['private-a b', /has the character " ", which channel names cannot have$/],
    ['private-a\n', /has the character "\\n"/],
    ['private-😀', /has the character "😀"/],
    ['private-users.:id.posts', /has the character ":", .* Write \{id\} in place of :id$/],
    ['private-{team}.:id', /Write \{id\} in place of :id$/],
    ['private-${id}', /has the character "\$", .* Write \{id\} in place of \$\{id\}$/],
    ['private-#{id}', /Write \{id\} in place of #\{id\}$/],
    ['private-<id>', /Write \{id\} in place of <id>$/],
    ['private-[id]', /Write \{id\} in place of \[id\]$/],
    ['private-{{id}}', /Write \{id\} in place of \{\{id\}\}$/],
    ['private-{ id }', /Write \{id\} in place of \{ id \}$/],
    ['private-{id?}', /Write \{id\} in place of \{id\?\}$/],
    ['private-{id:int}', /Write \{id\} in place of \{id:int\}$/],
    ['private-{...rest}', /Write \{rest\.\.\.\} in place of \{\.\.\.rest\}$/],
    ['private-a.{rest..}', /Write \{rest\.\.\.\} in place of \{rest\.\.\}$/],
    ['private-{a-b}', /one \{parameter\}$/],
    ['private-*', /character/],
    ['#server-to-user-{x}', /character/],
  ])('%j', (text, why) => {
    expect(() => new ChannelPattern(text)).toThrow(PatternFault);
    expect(() => new ChannelPattern(text)).toThrow(why);
  });
});

describe('overlaps', () => {
  it.each([
    ['private-a.{x}', 'private-a.{y}', true],
    ['private-a.{x}', 'private-a.b', true],
    ['private-a.{x}', 'private-b.{y}', false],
    ['private-{x}.b', 'private-a.{y}', true],
    ['private-a{x}', 'private-{y}b', true],
    ['private-a{x}', 'private-b{y}', false],
    ['private-{x}a', 'private-{y}b', false],
    ['private-{x}', 'presence-{x}', false],
    ['private-{x}', 'private-encrypted-{x}', false],
    ['private-{x}', 'private-{x}.{y}', false],
    ['private-a', 'private-a', true],
    ['private-a', 'private-b', false],
    ['private-{x...}', 'private-{y...}', true],
    ['private-{x...}', 'private-a.b.c', true],
    ['private-a{x...}', 'private-a', false],
    ['private-a{x...}', 'private-a.b', true],
    ['private-a{x...}', 'private-b.a', false],
    ['private-a{x...}', 'private-{y}.b', true],
    ['private-a{x...}', 'private-b{y}.b', false],
    ['private-a.{x...}', 'private-a', false],
    ['private-a.{x...}', 'private-{y}', false],
    ['private-a.{x...}', 'private-{y}.{z}', true],
    ['private-a.{x...}', 'private-{y...}', true],
    ['private-a.b{x...}', 'private-{y}.c{z...}', false],
    ['private-{x...}', 'presence-{x...}', false],
  ])('%s and %s: %s', (one, two, expected) => {
    const [first, second] = [new ChannelPattern(one), new ChannelPattern(two)];
    expect([first.overlaps(second), second.overlaps(first)]).toEqual([expected, expected]);
  });

  it('is true whenever one name matches both', () => {
    fc.assert(
      fc.property(
        pattern,
        pattern,
        name,
        (one, two, tried) => !(one.match(tried) && two.match(tried)) || one.overlaps(two),
      ),
      { numRuns: 10_000 },
    );
  });

  it('is false only when no name matches both', () => {
    const names = [...everyName(7)];
    const small = patternsWith(fc.constantFrom('', 'a', 'b'));
    fc.assert(
      fc.property(small, small, (one, two) => {
        const isShared = names.some((tried) => one.match(tried) && two.match(tried));
        expect(one.overlaps(two)).toBe(isShared);
      }),
      { numRuns: 300 },
    );
  });
});

it('matches what a regular expression matches, with the same values', () => {
  let matched = 0;
  fc.assert(
    fc.property(pattern, name, (tried, text) => {
      const values = tried.match(text);
      const expected = bruteForce(tried.text).exec(text);
      matched += expected ? 1 : 0;
      expect(values && Object.values(values)).toEqual(expected ? expected.slice(1) : undefined);
    }),
    { numRuns: 10_000 },
  );
  expect(matched).toBeGreaterThan(100);
});

it('counts the characters of the shortest name', () => {
  expect(new ChannelPattern('private-a.{x}.b{y}c').minLength).toBe('private-a.X.bYc'.length);
  expect(new ChannelPattern('private-a.{x...}').minLength).toBe('private-a.X'.length);
});

describe('the type of the parameters', () => {
  it('follows from the pattern', () => {
    const two: PatternParams<'private-{a}.x.{b}'> = { a: '1', b: '2' };
    // @ts-expect-error a name that the pattern does not have
    const wrong: PatternParams<'private-{a}'> = { a: '1', b: '2' };
    // @ts-expect-error a name is missing
    const missing: PatternParams<'private-{a}.{b}'> = { a: '1' };
    const rest: PatternParams<'private-{a}.{email...}'> = { a: '1', email: 'a@b.c' };
    // @ts-expect-error the dots are not part of the name
    const dotted: PatternParams<'private-{email...}'> = { 'email...': '1' };
    const unknown: PatternParams<string> = { whatever: '1' };
    expect([two, wrong, missing, rest, dotted, unknown]).toHaveLength(6);
  });
});

/** Few letters and few segments, so that patterns and names meet often. */
const part = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 2 });
const pattern = patternsWith(part);

function patternsWith(text: fc.Arbitrary<string>): fc.Arbitrary<ChannelPattern> {
  const segment = fc.tuple(text, fc.boolean(), text);
  return fc
    .tuple(
      fc.array(segment, { minLength: 1, maxLength: 2 }),
      fc.option(text, { nil: undefined, freq: 1 }),
    )
    .map(([parts, rest]) => {
      const written = parts.map(
        ([before, open, after], at) => `${before}${open ? `{p${at}}` : ''}${after}`,
      );
      if (rest !== undefined) written[written.length - 1] = `${rest}{rest...}`;
      return new ChannelPattern(`private-${written.join('.')}`);
    });
}

const name = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => `private-${parts.join('.')}`);

/** All names of the letters of the patterns and dots, up to a length behind the prefix. */
function* everyName(maxLength: number, start = ''): Generator<string> {
  yield `private-${start}`;
  if (maxLength === 0) return;
  for (const next of ['a', 'b', '.']) yield* everyName(maxLength - 1, start + next);
}

function bruteForce(text: string): RegExp {
  const source = text
    .replaceAll('.', String.raw`\.`)
    .replaceAll(/\{\w+(?:\\\.){3}\}/g, '(.+)')
    .replaceAll(/\{\w+\}/g, '([^.]+)');
  return new RegExp(`^${source}$`);
}
