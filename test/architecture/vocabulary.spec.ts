import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exportsOf, FILES, ROOT } from './source-files.js';
import { type Rule, VOCABULARY } from './vocabulary.js';

const PAGES = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
const SEARCHED = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...PAGES.map((file) => `docs/${file}`),
  ...FILES.map((file) => `lib/${file}`),
];

/** Where a phrase stands in a text, as `line: "phrase"`. */
function findAll({ not }: Rule, text: string): string[] {
  const pattern = not.source.replaceAll(' ', String.raw`\s+(?:(?:\*|//|'|\x60)\s*)?`);
  return Array.from(text.matchAll(new RegExp(pattern, 'g')), ({ 0: phrase, index }) => {
    const line = text.slice(0, index).split('\n').length;
    return `${line}: "${phrase.replace(/\n\s*(?:\*|\/\/)?\s*/g, ' ')}"`;
  });
}

describe('the vocabulary', () => {
  it.each(VOCABULARY)('avoids $not and says: $but', (rule) => {
    const searched = SEARCHED.filter((path) => rule.where?.test(path) ?? true);
    const found = searched.flatMap((path) =>
      findAll(rule, readFileSync(join(ROOT, path), 'utf8')).map(
        (place) => `${path}:${place} should be: ${rule.but}`,
      ),
    );
    expect(found).toEqual([]);
  });

  it('exports each name from one file', () => {
    const files = new Map<string, Set<string>>();
    // The test server imports next to nothing, so that it can disagree with the code it tests.
    for (const file of FILES.filter((path) => !path.startsWith('testing/server/')))
      for (const name of exportsOf(file)) files.set(name, (files.get(name) ?? new Set()).add(file));
    const shared = [...files].filter(([, { size }]) => size > 1);
    expect(files.size).toBeGreaterThan(100);
    expect(shared.map(([name, where]) => `${name}: ${[...where].join(', ')}`)).toEqual([]);
  });

  it.each([
    ["throw new Error('x is no channel name')", 'is no channel'],
    ['/** Unless the channel is\n * none. */', 'is none'],
    ['class PusherLine {}', 'PusherLine'],
    ["whenFull: 'refuse'", "whenFull: 'refuse'"],
    ['options: TestServerOptions', 'TestServerOptions'],
  ])('notices the phrase in %j', (text, phrase) => {
    const places = VOCABULARY.flatMap((rule) => findAll(rule, text));
    expect(places).toEqual([expect.stringContaining(`: "${phrase}"`)]);
  });

  it.each([
    'name is not a valid channel name',
    "whenFull: 'reject'",
    'options: PusherTestServerOptions',
    'There is no user with this id.',
    '/** An empty list when there is none. */',
    'const text = decode(bytes); // the text of the message',
  ])('accepts %j', (text) => {
    expect(VOCABULARY.flatMap((rule) => findAll(rule, text))).toEqual([]);
  });
});
