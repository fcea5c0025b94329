import { describe, expect, it } from '@jest/globals';
import { eventIdentities } from '../../../../lib/webhooks/dedupe/event-identity.js';

describe('the identities of events', () => {
  const a = { name: 'channel_occupied', channel: 'a' } as const;
  const b = { name: 'channel_occupied', channel: 'b' } as const;

  it('are the same for a second delivery of the same webhook', () => {
    expect(eventIdentities('1', 5, [a, b])).toEqual(eventIdentities('1', 5, [{ ...a }, { ...b }]));
  });

  it.each([
    ['another app', '2', 5, a],
    ['another time', '1', 6, a],
    ['another content', '1', 5, b],
  ] as const)('differ for %s', (_what, appId, timeMs, event) => {
    expect(eventIdentities(appId, timeMs, [event])).not.toEqual(eventIdentities('1', 5, [a]));
  });

  it('differ for equal events of one webhook, whatever stands between them', () => {
    const [one, two, three] = eventIdentities('1', 5, [a, b, a]);
    expect(new Set([one, two, three]).size).toBe(3);
    expect(eventIdentities('1', 5, [b, a, a])).toEqual([two, one, three]);
  });
});

describe('the identities of events with data of any kind', () => {
  function identityOf(data: unknown): string[] {
    return eventIdentities('1', 5, [{ name: 'new', data }]);
  }

  it.each([
    [['a'], { 0: 'a' }],
    [[], {}],
    ['1', 1],
    [[['a'], 'b'], [['a', 'b']]],
    [{ a: { b: 1 } }, { a: 'b', b: 1 }],
    ['#0', []],
    [null, 'null'],
    [{ a: undefined }, {}],
  ])('differ between %j and %j', (one, two) => {
    expect(identityOf(one)).not.toEqual(identityOf(two));
  });

  it('exist for data that is nested deeper than the call stack allows', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(identityOf(nested(100_000))).toEqual(identityOf(nested(100_000)));
    expect(identityOf(nested(100_000))).not.toEqual(identityOf(nested(100_001)));
  });
});
