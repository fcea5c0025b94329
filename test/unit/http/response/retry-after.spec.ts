import { describe, expect, it } from '@jest/globals';
import { readRetryAfter } from '../../../../lib/http/response/retry-after.js';

const NOW = Date.parse('Tue, 24 Nov 2026 06:00:00 GMT');

describe('readRetryAfter', () => {
  it.each([
    ['2', 2000],
    [' 2 ', 2000],
    ['0', 0],
    ['0.25', 250],
    ['1.0005', 1001],
    ['Tue, 24 Nov 2026 06:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 05:59:00 GMT', 0],
  ])('%j is %d ms', (header, milliseconds) => {
    expect(readRetryAfter(header, NOW)).toBe(milliseconds);
  });

  it.each([
    undefined,
    '',
    '-1',
    'soon',
    '1e9',
    '1 2',
    '99999999999999',
    'Infinity',
    '2026-11-24T06:00:30Z',
    'Tue, 99 Xyz 2026 06:00:30 GMT',
  ])('%j says nothing', (header) => {
    expect(readRetryAfter(header, NOW)).toBeUndefined();
  });
});
