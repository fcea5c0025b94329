import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const TEXT = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

/** What stands in code, each once: `lib/http/attempt.ts`, `test/unit/`, `channel-queues.ts`. */
const CODE = [...new Set([...TEXT.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code))];
const PATHS = CODE.filter((code) => /^(?:lib|test|sample|bench|docs|compat)\/[\w./-]*$/.test(code));
const FILE_NAMES = CODE.filter((code) => /^[\w.-]+\.ts$/.test(code));

describe('CONTRIBUTING.md', () => {
  it('names paths and files', () => {
    expect(PATHS.length).toBeGreaterThan(40);
    expect(FILE_NAMES.length).toBeGreaterThan(10);
  });

  it('names no path that does not exist', () => {
    expect(PATHS.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names no file that is not in lib/', () => {
    const files = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' });
    const known = new Set(files.map((file) => basename(file)));
    expect(FILE_NAMES.filter((name) => !known.has(name))).toEqual([]);
  });
});
