import { type ChannelKind, channelKind, hasChannelCharacters, quoted } from './names.js';

/**
 * The parameters in a pattern, by name: `'presence-rooms.{roomId}'` has `{ roomId: string }`, and
 * `'private-user-{email...}'` has `{ email: string }`.
 */
export type PatternParams<Pattern extends string> = string extends Pattern
  ? Record<string, string>
  : { [Name in ParameterNames<Pattern>]: string };

type ParameterNames<Pattern extends string> =
  Pattern extends `${string}{${infer Name}}${infer Rest}`
    ? WithoutDots<Name> | ParameterNames<Rest>
    : never;

type WithoutDots<Name extends string> = Name extends `${infer Plain}...` ? Plain : Name;

/** One segment between dots: text before, at most one parameter, text after. */
export interface PatternSegment {
  readonly before: string;
  readonly parameter?: string;
  readonly after: string;
  /** Whether the parameter stands for the rest of the name, dots included. Only in the last segment. */
  readonly isRest?: boolean;
}

const SEGMENT = /^([^{}]*)(?:\{([A-Za-z_][A-Za-z0-9_]*)\}([^{}]*))?$/;
/** A parameter for the rest of the name, with everything before it. */
const REST = /^(.*)\{([A-Za-z_][A-Za-z0-9_]*)\.\.\.\}$/s;

/** Why a pattern is not valid; the message completes the sentence "the pattern … ". */
export class PatternFault extends Error {}

/**
 * A channel pattern such as `private-orders.{orderId}`: the whole name must match, `{orderId}` stands
 * for one segment without dots, `{rest...}` at the end for all that follows, and the kind is part of
 * the name, so `private-{x}` never matches `private-encrypted-a`. No parameter is ever empty.
 * Matching looks at each character a bounded number of times.
 */
export class ChannelPattern {
  readonly kind: ChannelKind;
  readonly parameters: readonly string[];
  /** Characters of the shortest name that matches. */
  readonly minLength: number;
  readonly segments: readonly PatternSegment[];
  /** Whether its last parameter stands for the rest of the name, dots included. */
  readonly hasRest: boolean;

  /** @throws PatternFault when the text is not a valid pattern, or could never match a channel */
  constructor(readonly text: string) {
    if (text === '') throw new PatternFault('is empty');
    this.segments = segmentsOf(text);
    this.hasRest = this.segments.at(-1)?.isRest === true;
    this.parameters = this.segments.flatMap(({ parameter }) => parameter ?? []);
    this.kind = channelKind(text);
    const repeated = this.parameters.find((name, at) => this.parameters.indexOf(name) !== at);
    if (repeated !== undefined) throw new PatternFault(`uses the parameter {${repeated}} twice`);
    const literal = this.segments.map(({ before, after }) => before + after).join('');
    const wrong = Array.from(literal).find((character) => !hasChannelCharacters(character));
    if (wrong !== undefined)
      throw new PatternFault(
        `has the character ${quoted(wrong)}, which channel names cannot have${remedyFor(text)}`,
      );
    const dots = this.segments.length - 1;
    this.minLength = literal.length + this.parameters.length + dots;
  }

  /** The values of the parameters when the name matches, `undefined` when it does not. */
  match(name: string): Record<string, string> | undefined {
    if (channelKind(name) !== this.kind) return undefined;
    const parts = partsOf(name, this);
    if (parts.length !== this.segments.length) return undefined;
    const values: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [at, segment] of this.segments.entries()) {
      const value = valueIn(parts[at] ?? '', segment);
      if (value === undefined) return undefined;
      if (segment.parameter !== undefined) values[segment.parameter] = value;
    }
    return values;
  }

  /** Whether some name matches both patterns. */
  overlaps(other: ChannelPattern): boolean {
    if (this.kind !== other.kind) return false;
    if (this.hasRest && this.segments.length <= other.segments.length) return this.#reaches(other);
    if (other.hasRest && other.segments.length <= this.segments.length) return other.#reaches(this);
    return this.segments.length === other.segments.length && meetAll(this.segments, other.segments);
  }

  /** Whether this pattern, which has a rest, and one with at least as many segments have a name in common. */
  #reaches(other: ChannelPattern): boolean {
    const at = this.segments.length - 1;
    const [rest, opposite] = [this.segments[at], other.segments[at]];
    if (rest === undefined || opposite === undefined) return false;
    if (!meetAll(this.segments.slice(0, at), other.segments)) return false;
    if (opposite.parameter !== undefined) return agree(rest.before, opposite.before, 'start');
    // A rest is never empty: text that ends where it begins needs another segment behind it.
    const goesOn = other.segments.length > this.segments.length;
    return opposite.before.startsWith(rest.before) && (goesOn || opposite.before !== rest.before);
  }
}

const NAME = '([A-Za-z_][A-Za-z0-9_]*)';
/** How other languages and frameworks write the rest of a name, such as `{...rest}`. */
const FOREIGN_REST = RegExp(`\\{\\.{2,3}${NAME}\\}|\\{${NAME}(?:\\.{2}|\\.{4,})\\}`);
/** How they write a parameter: `${id}`, `#{id}`, `{{id}}`, `{ id }`, `{id?}`, `{id:int}`, `<id>`, `[id]`, `:id`. */
const FOREIGN_PARAMETER = RegExp(
  `[$#]\\{${NAME}\\}|\\{\\{ *${NAME} *\\}\\}|\\{ *${NAME} *(?:\\?|:[^{}]*)?\\}|<${NAME}>|\\[${NAME}\\]|:${NAME}`,
  'g',
);

/** What to write in place of the parameters that other frameworks' patterns have. */
function remedyFor(text: string): string {
  const [rest, ...restNames] = FOREIGN_REST.exec(text) ?? [];
  if (rest !== undefined)
    return `. Write {${restNames.find((name) => name !== undefined)}...} in place of ${rest}`;
  for (const [written, ...names] of text.matchAll(FOREIGN_PARAMETER)) {
    const right = `{${names.find((name) => name !== undefined)}}`;
    if (written !== right) return `. Write ${right} in place of ${written}`;
  }
  if (text.includes('*'))
    return '. Write {name} for one part between dots, or {name...} at the end for the rest, in place of *';
  return '';
}

/** The parts of a name between its dots; as many as the pattern has, when its last one takes the rest. */
function partsOf(name: string, { segments, hasRest }: ChannelPattern): string[] {
  const parts = name.split('.');
  const last = segments.length - 1;
  if (!hasRest || parts.length <= segments.length) return parts;
  return [...parts.slice(0, last), parts.slice(last).join('.')];
}

function segmentsOf(text: string): PatternSegment[] {
  const [, before, parameter] = REST.exec(text) ?? [];
  const early = /\{[^{}]*\.\.\.\}(?=.)/s.exec(text)?.[0];
  if (early !== undefined)
    throw new PatternFault(
      `has ${early} before its end. A parameter for the rest of the name comes last, with nothing behind it`,
    );
  if (before === undefined || parameter === undefined) return segmentsIn(text, text);
  // A stand-in without dots, so that what precedes it is split and checked like any other pattern.
  const segments = segmentsIn(`${before}{${parameter}}`, text);
  return segments.map((segment, at) =>
    at === segments.length - 1 ? { ...segment, isRest: true } : segment,
  );
}

/** @param pattern the whole pattern, as it was written */
function segmentsIn(text: string, pattern: string): PatternSegment[] {
  return text.split('.').map((segment) => segmentOf(segment, pattern));
}

function segmentOf(text: string, pattern: string): PatternSegment {
  const found = SEGMENT.exec(text);
  if (found === null)
    throw new PatternFault(
      `has a segment "${text}" that is neither plain text nor text with one {parameter}${remedyFor(pattern)}`,
    );
  const [, before = '', parameter, after = ''] = found;
  return parameter === undefined ? { before, after } : { before, parameter, after };
}

/** The value of the parameter in the part; the empty string for a segment without one. */
function valueIn(part: string, { before, parameter, after }: PatternSegment): string | undefined {
  if (parameter === undefined) return part === before ? '' : undefined;
  const fits = part.startsWith(before) && part.endsWith(after);
  // Strictly longer: a parameter is never empty.
  return fits && part.length > before.length + after.length
    ? part.slice(before.length, part.length - after.length)
    : undefined;
}

/** Whether the first list meets the beginning of the second. */
function meetAll(one: readonly PatternSegment[], two: readonly PatternSegment[]): boolean {
  return one.every((segment, at) => meet(segment, two[at] ?? segment));
}

function meet(one: PatternSegment, two: PatternSegment): boolean {
  if (one.parameter === undefined) return valueIn(one.before, two) !== undefined;
  if (two.parameter === undefined) return valueIn(two.before, one) !== undefined;
  return agree(one.before, two.before, 'start') && agree(one.after, two.after, 'end');
}

function agree(one: string, two: string, side: 'start' | 'end'): boolean {
  const [short, long] = one.length < two.length ? [one, two] : [two, one];
  return side === 'start' ? long.startsWith(short) : long.endsWith(short);
}
