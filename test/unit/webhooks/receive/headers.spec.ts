import { describe, expect, it } from '@jest/globals';
import { isJsonType, readHeader } from '../../../../lib/webhooks/receive/headers.js';

describe('the content type of a webhook', () => {
  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="utf-8"; a=b',
    'application/json ; a = "b\\"c;d"',
  ])('is JSON: %s', (type) => {
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
  ])('is not JSON: %j', (type) => {
    expect(isJsonType(type)).toBe(false);
  });

  it('is checked in linear time', () => {
    // Linear time is some milliseconds; with one more ambiguity it would be minutes.
    const start = performance.now();
    expect(isJsonType(`application/json${'; a=b'.repeat(100_000)};`)).toBe(false);
    expect(isJsonType(`application/json; a="${'\\"'.repeat(100_000)}`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('a header', () => {
  it('is found in any case, in lists and in Headers of fetch', () => {
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
    expect(readHeader(new Map([['X-A', '1']]) as never, 'x-a')).toBe('1');
    expect(readHeader([['X-A', '1']] as never, 'x-a')).toBe('1');
    expect(readHeader(['X-A', '1'] as never, 'x-a')).toBeUndefined();
    expect(readHeader(new Headers(), 'x-a')).toBeUndefined();
    expect(readHeader({ get: 'a header of that name' }, 'get')).toBe('a header of that name');
  });
});
