/**
 * Characters that can forge, hide or reorder the lines of a log, or control a terminal: controls (C0,
 * DEL, C1), formats (directions of text, invisible characters), line and paragraph separators, and
 * halves of surrogate pairs. Named by their Unicode categories.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Anything but printable ASCII: a cheap test that most strings pass. */
const BEYOND_ASCII = /[^ -~]/;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The string on one line, with everything unprintable in it escaped as in a JavaScript string. */
export function printable(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  return text.replace(UNPRINTABLE, (char) => SHORT[char] ?? escaped(char.codePointAt(0) ?? 0));
}

function escaped(codePoint: number): string {
  const hex = codePoint.toString(16);
  return codePoint > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/**
 * The stack of an error, each frame on a line of its own and nothing else: a message that looks like
 * lines of a log, or like frames, stays on the first line.
 */
export function printableStack(stack: string, message: string): string {
  const at = message === '' ? -1 : stack.indexOf(message);
  const [head, rest] =
    at === -1
      ? [stack.split('\n', 1)[0] ?? '', stack]
      : [stack.slice(0, at + message.length), stack.slice(at + message.length)];
  const frames = rest.split('\n').filter((line) => FRAME.test(line));
  return [head, ...frames].map(printable).join('\n');
}

/** As V8 writes it. */
const FRAME = /^ {4}at /;
