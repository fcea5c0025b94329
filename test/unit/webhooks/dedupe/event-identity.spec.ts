import { describe, expect, it } from '@jest/globals';
import { eventIdentities } from '../../../../lib/webhooks/dedupe/event-identity.js';

function identityOf(data: unknown): string[] {
  return eventIdentities('1', 5, [{ name: 'new', data }]);
}

describe('event identities of any data', () => {
  it.each([
    [['a'], { 0: 'a' }],
    [[], {}],
    ['1', 1],
    [[['a'], 'b'], [['a', 'b']]],
    [{ a: { b: 1 } }, { a: 'b', b: 1 }],
    ['#0', []],
    [null, 'null'],
    [{ a: undefined }, {}],
  ])('tell %j and %j apart', (one, two) => {
    expect(identityOf(one)).not.toEqual(identityOf(two));
  });

  it('exist for data that is nested deeper than the stack', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(identityOf(nested(100_000))).toEqual(identityOf(nested(100_000)));
    expect(identityOf(nested(100_000))).not.toEqual(identityOf(nested(100_001)));
  });
});
