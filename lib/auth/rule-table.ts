import type { ChannelPattern } from '../protocol/channel-pattern.js';
import { type ChannelKind, channelKind } from '../protocol/names.js';

/** What fits a name: the entry, and the values of its parameters. */
export interface TableMatch<Entry> {
  readonly entry: Entry;
  readonly params: Readonly<Record<string, string>>;
}

/** Entries of one kind and one number of segments, by what their patterns start with. */
interface Shelf<Entry> {
  readonly byStart: Map<string, Entry[]>;
  readonly startLengths: Set<number>;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/**
 * Patterns that are quick to search: only those of the right kind, with the right number of segments
 * and the right start are tried, so a thousand rules cost about what one does. A pattern without
 * parameters wins over one with.
 */
export class RuleTable<Entry extends { readonly pattern: ChannelPattern }> {
  readonly #exact = new Map<string, Entry>();
  readonly #shelves = new Map<string, Shelf<Entry>>();

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) {
      if (entry.pattern.parameters.length === 0) this.#exact.set(entry.pattern.text, entry);
      else this.#put(entry);
    }
  }

  find(name: string): TableMatch<Entry> | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined) return { entry: exact, params: NO_PARAMS };
    const parts = name.split('.');
    const shelf = this.#shelves.get(shelfName(channelKind(name), parts.length));
    return shelf && search(shelf, parts);
  }

  #put(entry: Entry): void {
    const { kind, segments, start } = entry.pattern;
    const place = shelfName(kind, segments);
    const shelf = this.#shelves.get(place) ?? { byStart: new Map(), startLengths: new Set() };
    this.#shelves.set(place, shelf);
    shelf.startLengths.add(start.length);
    const others = shelf.byStart.get(start);
    if (others === undefined) shelf.byStart.set(start, [entry]);
    else others.push(entry);
  }
}

function shelfName(kind: ChannelKind, segments: number): string {
  return `${kind}.${segments}`;
}

function search<Entry extends { readonly pattern: ChannelPattern }>(
  { byStart, startLengths }: Shelf<Entry>,
  parts: readonly string[],
): TableMatch<Entry> | undefined {
  const first = parts[0] ?? '';
  for (const length of startLengths)
    for (const entry of byStart.get(first.slice(0, length)) ?? []) {
      const params = entry.pattern.matchSegments(parts);
      if (params !== undefined) return { entry, params };
    }
  return undefined;
}
