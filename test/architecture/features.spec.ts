import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './source-files.js';

const PAGE = readFileSync(join(ROOT, 'docs/features.md'), 'utf8');

interface Feature {
  readonly name: string;
  /** Path of a file of tests, from the root. */
  readonly file: string;
  /** A name of a test in it, or of one of its cases. */
  readonly test: string;
}

/** The rows of all tables; a row without a link has no file. */
const FEATURES: Feature[] = PAGE.split('\n')
  .filter((line) => /^\| [^-|]*[^-| ][^|]*\|/.test(line) && !line.includes('| this package'))
  .map((line) => {
    const [, name = '', ours = ''] = line.split(/ *\| */);
    const [, path = '', test = ''] = /^\[✓\]\((\S+) ["'](.+)["']\)$/.exec(ours) ?? [];
    return { name, file: relative(ROOT, join(ROOT, 'docs', path)), test };
  });

describe('the table of features', () => {
  it('has a row for each feature', () => {
    expect(FEATURES.length).toBeGreaterThan(40);
    expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURES.length);
  });

  it.each(FEATURES)('links "$name" to a test that runs', ({ file, test }) => {
    expect(file).toMatch(/^test\/.*\.spec\.ts$/);
    expect(existsSync(join(ROOT, file))).toBe(true);
    const code = readFileSync(join(ROOT, file), 'utf8');
    const titles = [`'${test}'`, `"${test}"`, `\`${test}\``];
    expect(titles.some((title) => code.includes(title))).toBe(true);
    expect(code).not.toMatch(/\b(?:it|test|describe)\.(?:skip|todo|only)\b|\bx(?:it|describe)\(/);
  });
});
