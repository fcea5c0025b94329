import { describe, expect, it } from '@jest/globals';
import { eventIdentities } from '../../../../lib/webhooks/dedupe/event-identity.js';
import { isJsonType, readHeader } from '../../../../lib/webhooks/receive/headers.js';

describe('event identities', () => {
  const a = { name: 'channel_occupied', channel: 'a' } as const;
  const b = { name: 'channel_occupied', channel: 'b' } as const;

  it('are the same for the same webhook', () => {
    expect(eventIdentities('1', 5, [a, b])).toEqual(eventIdentities('1', 5, [{ ...a }, { ...b }]));
  });

  it.each([
    ['another app', '2', 5, a],
    ['another time', '1', 6, a],
    ['another content', '1', 5, b],
  ] as const)('differ for %s', (_what, appId, timeMs, event) => {
    expect(eventIdentities(appId, timeMs, [event])).not.toEqual(eventIdentities('1', 5, [a]));
  });

  it('tell equal events apart, and survive another order of the rest', () => {
    const [one, two, three] = eventIdentities('1', 5, [a, b, a]);
    expect(new Set([one, two, three]).size).toBe(3);
    expect(eventIdentities('1', 5, [b, a, a])).toEqual([two, one, three]);
  });
});

describe('headers', () => {
  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="utf-8"; a=b',
    'application/json ; a = "b\\"c;d"',
  ])('%s says JSON', (type) => {
    expect(isJsonType(type)).toBe(true);
  });

  it.each([
    '',
    'application/json-seq',
    'application/vnd.api+json',
    'text/plain; a=application/json',
    'application/json;',
    'application/json; charset',
    'application/json, application/json',
    'application/json; a="b',
  ])('%j does not', (type) => {
    expect(isJsonType(type)).toBe(false);
  });

  it('are judged in linear time', () => {
    const start = performance.now();
    expect(isJsonType(`application/json${'; a=b'.repeat(100_000)};`)).toBe(false);
    expect(isJsonType(`application/json; a="${'\\"'.repeat(100_000)}`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('are read in any case, from lists and from fetch', () => {
    expect(readHeader({ 'x-a': '1', 'X-A': '2' }, 'x-a')).toBe('1');
    expect(readHeader({ 'X-A': ['1', '2'] }, 'x-a')).toBe('1, 2');
    expect(readHeader({ 'X-A': undefined }, 'x-a')).toBeUndefined();
    expect(
      readHeader(
        new Headers([
          ['X-A', '1'],
          ['x-a', '2'],
        ]),
        'x-a',
      ),
    ).toBe('1, 2');
    expect(readHeader(new Headers(), 'x-a')).toBeUndefined();
    expect(readHeader({ get: 'a header of that name' }, 'get')).toBe('a header of that name');
  });
});
