import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FILES, textOf } from './source-files.js';

const MAX_LINES = 300;
const MAX_FILES = 12;

describe('lib/', () => {
  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const lines = FILES.map((file) => ({ file, lines: textOf(file).trimEnd().split('\n').length }));
    expect(lines.filter((file) => file.lines > MAX_LINES)).toEqual([]);
  });

  it(`has no folder with more than ${MAX_FILES} files`, () => {
    const counts = new Map<string, number>();
    for (const folder of FILES.map((file) => dirname(file)))
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([]);
  });
});
