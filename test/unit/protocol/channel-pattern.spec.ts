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
    ['private-{a', /segment "private-\{a"/],
    ['private-a}', /neither plain text nor/],
    ['private-{}', /neither plain text nor/],
    ['private-{1a}', /neither plain text nor/],
    ['private-{a.b}', /neither plain text nor/],
    ['private-{a}.{a}', /\{a\} twice/],
    ['private-a:b', /character/],
    ['private-ä.{x}', /character/],
    ['private-a b', /character/],
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
});

it('counts the characters of the shortest name', () => {
  expect(new ChannelPattern('private-a.{x}.b{y}c').minLength).toBe('private-a.X.bYc'.length);
});

describe('the type of the parameters', () => {
  it('follows from the pattern', () => {
    const two: PatternParams<'private-{a}.x.{b}'> = { a: '1', b: '2' };
    // @ts-expect-error a name that the pattern does not have
    const wrong: PatternParams<'private-{a}'> = { a: '1', b: '2' };
    // @ts-expect-error a name is missing
    const missing: PatternParams<'private-{a}.{b}'> = { a: '1' };
    const unknown: PatternParams<string> = { whatever: '1' };
    expect([two, wrong, missing, unknown]).toHaveLength(4);
  });
});

/** Few letters and few segments, so that patterns and names meet often. */
const part = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 2 });
const segment = fc.tuple(part, fc.boolean(), part);
const pattern = fc
  .array(segment, { minLength: 1, maxLength: 2 })
  .map(
    (parts) =>
      new ChannelPattern(
        `private-${parts
          .map(([before, open, after], at) => `${before}${open ? `{p${at}}` : ''}${after}`)
          .join('.')}`,
      ),
  );
const name = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((parts) => `private-${parts.join('.')}`);
