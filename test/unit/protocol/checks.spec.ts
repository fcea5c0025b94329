import { describe, expect, it } from '@jest/globals';
import { quoted } from '../../../lib/protocol/checks.js';

describe('a name in a message', () => {
  it.each([
    ['stands in quotes', 'room', undefined, '"room"'],
    ['cannot begin a line of its own', 'a\nERROR b', undefined, String.raw`"a\nERROR b"`],
    ['cannot end its quotes', 'a" b', undefined, String.raw`"a\" b"`],
    ['is shortened when it is long', 'c'.repeat(61), undefined, `"${'c'.repeat(60)}…"`],
    ['is complete when it is not', 'c'.repeat(60), undefined, `"${'c'.repeat(60)}"`],
    ['is shortened to the given length', 'room', 2, '"ro…"'],
  ])('%s', (_what, name, shown, expected) => {
    expect(quoted(name, shown)).toBe(expected);
  });
});
