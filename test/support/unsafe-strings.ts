import fc from 'fast-check';

/** What could forge a line of a log or control a terminal. Written out, so that it does not follow the code under test. */
export const UNSAFE = new RegExp(
  [
    // Anything below U+00A0 that is not printable ASCII.
    String.raw`(?![\u0020-\u007e])[\u0000-\u009f]`,
    String.raw`[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]`,
    // Halves of surrogate pairs.
    String.raw`[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]`,
  ].join('|'),
);

const PIECES = [
  '\n[Nest] 1 ERROR forged',
  '\r\n',
  '\u001b[31m',
  '\u0000',
  '\u007f',
  '\u009b2J',
  '\u0085',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ud83d',
  '\n    at forged (/a.js:1:1)',
  'plain',
  '"',
  '\\',
];

/** Strings made of what attackers put into logs, and of any other characters. */
export const UNSAFE_STRINGS: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''));
