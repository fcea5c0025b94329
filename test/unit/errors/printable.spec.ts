import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable, printableStack } from '../../../lib/errors/printable.js';
import { PusherOptionsError } from '../../../lib/errors/pusher-options.error.js';
import { PusherValidationError } from '../../../lib/errors/pusher-validation.error.js';
import { safeCause } from '../../../lib/errors/safe-cause.js';
import { UNSAFE, UNSAFE_STRINGS } from '../../support/unsafe-strings.js';

describe('printable', () => {
  it.each([
    ['a line break', 'a\r\nb', String.raw`a\r\nb`],
    ['a colour of a terminal', '\u001b[31mred', String.raw`\u001b[31mred`],
    ['a control of C1', 'a\u009b31m', String.raw`a\u009b31m`],
    ['a change of direction', 'abc\u202ecba', String.raw`abc\u202ecba`],
    ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
    ['something invisible', 'a\u200bb\ufeff', String.raw`a\u200bb\ufeff`],
    ['an invisible tag', '\u{e0041}', String.raw`\u{e0041}`],
    ['half of a surrogate pair', 'a\ud83d', String.raw`a\ud83d`],
  ])('escapes %s', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it.each(['plain', 'Ünïcödé 漢字 العربية', 'a "quoted" \\ word', '😀'])('leaves %s', (text) => {
    expect(printable(text)).toBe(text);
  });

  it('leaves nothing unprintable', () =>
    fc.assert(fc.property(UNSAFE_STRINGS, (text) => !UNSAFE.test(printable(text)))));
});

describe('printableStack', () => {
  const frames = '    at one (/a.js:1:2)\n    at async two (/b.js:3:4)';

  it('keeps the frames', () => {
    expect(printableStack(`Error: no\n${frames}`, 'no')).toBe(`Error: no\n${frames}`);
  });

  it('keeps a message on the first line, even one that looks like frames and like lines of a log', () => {
    const message = 'no\n    at forged (/c.js:1:1)\nERROR forged';
    expect(printableStack(`Error: ${message}\n${frames}`, message)).toBe(
      `Error: no\\n    at forged (/c.js:1:1)\\nERROR forged\n${frames}`,
    );
  });

  it('drops lines that are not frames when the message is not in the stack', () => {
    expect(printableStack(`Error: old\nforged\n${frames}`, 'new')).toBe(`Error: old\n${frames}`);
  });
});

describe('safeCause', () => {
  it('returns an error of which every line is printable', () =>
    fc.assert(
      fc.property(UNSAFE_STRINGS, UNSAFE_STRINGS, (message, name) => {
        const { stack = '', ...copy } = safeCause(
          Object.assign(new Error(message), { name, code: name }),
        );
        const lines = [safeCause(message).message, ...Object.values(copy), ...stack.split('\n')];
        expect(lines.filter((line) => UNSAFE.test(String(line)))).toEqual([]);
        const [, ...rest] = stack.split('\n');
        expect(rest.filter((line) => !line.startsWith('    at '))).toEqual([]);
      }),
    ));
});

describe('PusherError', () => {
  it('has a printable message', () => {
    expect(new PusherValidationError('x', 'a\nb\u202e').message).toBe(String.raw`a\nb\u202e`);
  });

  it('has one line for each problem with options', () => {
    const { message } = new PusherOptionsError(['a\nforged', 'b']);
    expect(message).toBe('Invalid options for PusherModule:\n  - a\\nforged\n  - b');
  });
});
