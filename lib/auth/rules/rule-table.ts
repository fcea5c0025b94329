import type { ChannelPattern, PatternSegment } from '../../protocol/channel-pattern.js';
import { channelKind } from '../../protocol/names.js';

/** What matches a name: the entry, and the values of its parameters. */
export interface TableMatch<Entry> {
  readonly entry: Entry;
  readonly params: Readonly<Record<string, string>>;
}

interface HasPattern {
  readonly pattern: ChannelPattern;
}

/** A step to another node by a parameter, and the text after the parameter. */
interface Branch<Entry> {
  readonly after: string;
  readonly next: Node<Entry>;
}

/** What can follow the segments before it. */
class Node<Entry> {
  entry: Entry | undefined;
  readonly literals = new Map<string, Node<Entry>>();
  /** By the text before the parameter. */
  readonly branches = new Map<string, Branch<Entry>[]>();
  readonly lengths = new Set<number>();
  /** What matches the rest of a name, by the text before the rest. */
  readonly rests = new Map<string, Entry>();
  readonly restLengths = new Set<number>();

  /** The node after the segment, created if it does not exist. */
  add(segment: PatternSegment): Node<Entry> {
    const { before, parameter, after } = segment;
    if (parameter === undefined) return getOrPut(this.literals, before, () => new Node<Entry>());
    this.lengths.add(before.length);
    const alike = getOrPut(this.branches, before, () => []);
    const known = alike.find((branch) => branch.after === after);
    if (known !== undefined) return known.next;
    const next = new Node<Entry>();
    alike.push({ after, next });
    return next;
  }

  /** Enters what matches all names that go on with the text. */
  addRest({ before }: PatternSegment, entry: Entry): void {
    this.rests.set(before, entry);
    this.restLengths.add(before.length);
  }
}

/**
 * Patterns as a tree of their segments: a name is compared only with the patterns that can still
 * match it, so a thousand rules cost about as much as one. Text wins over a parameter, and a parameter
 * for one segment over one for the rest of the name. Each node is visited at most once.
 */
export class RuleTable<Entry extends HasPattern> {
  readonly #kinds = new Map<string, Node<Entry>>();

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) {
      let node = getOrPut(this.#kinds, entry.pattern.kind, () => new Node<Entry>());
      for (const segment of entry.pattern.segments)
        if (segment.isRest === true) node.addRest(segment, entry);
        else node = node.add(segment);
      if (!entry.pattern.hasRest) node.entry = entry;
    }
  }

  find(name: string): TableMatch<Entry> | undefined {
    const root = this.#kinds.get(channelKind(name));
    const values: string[] = [];
    const entry = root && search(root, name.split('.'), 0, values);
    return entry && { entry, params: paramsOf(entry.pattern, values) };
  }
}

/** @param values receives the values of the parameters on the path to what is found */
function search<Entry>(
  node: Node<Entry>,
  parts: readonly string[],
  at: number,
  values: string[],
): Entry | undefined {
  const part = parts[at];
  if (part === undefined) return node.entry;
  const text = node.literals.get(part);
  const found = text && search(text, parts, at + 1, values);
  if (found !== undefined) return found;
  for (const length of node.lengths)
    for (const { after, next } of node.branches.get(part.slice(0, length)) ?? []) {
      // The part is known to start with `before`; a parameter is never empty.
      const end = part.length - after.length;
      if (end <= length || !part.endsWith(after)) continue;
      values.push(part.slice(length, end));
      const beyond = search(next, parts, at + 1, values);
      if (beyond !== undefined) return beyond;
      values.pop();
    }
  return searchRests(node, parts, at, part, values);
}

function searchRests<Entry>(
  { rests, restLengths }: Node<Entry>,
  parts: readonly string[],
  at: number,
  part: string,
  values: string[],
): Entry | undefined {
  for (const length of restLengths) {
    const entry = rests.get(part.slice(0, length));
    const isLonger = part.length > length || parts.length > at + 1;
    if (entry === undefined || !isLonger) continue;
    values.push(parts.slice(at).join('.').slice(length));
    return entry;
  }
  return undefined;
}

function paramsOf(
  { parameters }: ChannelPattern,
  values: readonly string[],
): Record<string, string> {
  const params = Object.create(null) as Record<string, string>;
  for (const [at, name] of parameters.entries()) params[name] = values[at] ?? '';
  return params;
}

function getOrPut<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
