import { type ChannelKind, channelKind, hasChannelCharacters } from './names.js';

/** The parameters in a pattern, by name: `'presence-rooms.{roomId}'` has `{ roomId: string }`. */
export type PatternParams<Pattern extends string> = string extends Pattern
  ? Record<string, string>
  : { [Name in ParameterNames<Pattern>]: string };

type ParameterNames<Pattern extends string> =
  Pattern extends `${string}{${infer Name}}${infer Rest}` ? Name | ParameterNames<Rest> : never;

/** One segment between dots: text before, at most one parameter, text after. */
export interface PatternSegment {
  readonly before: string;
  readonly parameter?: string;
  readonly after: string;
}

const PARAMETER = /^([^{}]*)(?:\{([A-Za-z_][A-Za-z0-9_]*)\}([^{}]*))?$/;

/** Why a pattern is not valid; the message completes the sentence "the pattern … ". */
export class PatternFault extends Error {}

/**
 * A channel pattern such as `private-orders.{orderId}`: the whole name must match, `{orderId}` stands
 * for one segment without dots, and the kind is part of the name, so `private-{x}` never matches
 * `private-encrypted-a`. Matching looks at each character a bounded number of times.
 */
export class ChannelPattern {
  readonly kind: ChannelKind;
  readonly parameters: readonly string[];
  /** Characters of the shortest name that matches. */
  readonly minLength: number;
  readonly segments: readonly PatternSegment[];

  /** @throws PatternFault when the text is not a valid pattern, or could never match a channel */
  constructor(readonly text: string) {
    if (text === '') throw new PatternFault('is empty');
    this.segments = text.split('.').map(segmentOf);
    this.parameters = this.segments.flatMap(({ parameter }) => parameter ?? []);
    this.kind = channelKind(text);
    const repeated = this.parameters.find((name, at) => this.parameters.indexOf(name) !== at);
    if (repeated !== undefined) throw new PatternFault(`uses the parameter {${repeated}} twice`);
    const literal = this.segments.map(({ before, after }) => before + after).join('');
    if (literal !== '' && !hasChannelCharacters(literal))
      throw new PatternFault('has a character that channel names cannot have');
    const dots = this.segments.length - 1;
    this.minLength = literal.length + this.parameters.length + dots;
  }

  /** The values of the parameters when the name matches, `undefined` when it does not. */
  match(name: string): Record<string, string> | undefined {
    if (channelKind(name) !== this.kind) return undefined;
    const parts = name.split('.');
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
    if (this.kind !== other.kind || this.segments.length !== other.segments.length) return false;
    return this.segments.every((segment, at) => meet(segment, other.segments[at] ?? segment));
  }
}

function segmentOf(text: string): PatternSegment {
  const found = PARAMETER.exec(text);
  if (found === null)
    throw new PatternFault(
      `has a segment "${text}" that is neither plain text nor text with one {parameter}`,
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

function meet(one: PatternSegment, two: PatternSegment): boolean {
  if (one.parameter === undefined) return valueIn(one.before, two) !== undefined;
  if (two.parameter === undefined) return valueIn(two.before, one) !== undefined;
  return agree(one.before, two.before, 'start') && agree(one.after, two.after, 'end');
}

function agree(one: string, two: string, side: 'start' | 'end'): boolean {
  const [short, long] = one.length < two.length ? [one, two] : [two, one];
  return side === 'start' ? long.startsWith(short) : long.endsWith(short);
}
