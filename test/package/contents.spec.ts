import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { anchorsOf, linksOf } from './code-blocks.js';
import { ROOT, TARBALL, newFolder, run } from './packed.js';

const MINUTE = 60_000;
const DOORS = ['.', './redis', './testing', './client', './package.json'];
const DOCS = readdirSync(join(ROOT, 'docs'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)))
  .filter((file) => !file.startsWith('docs/api/'));
const PAGES = ['CHANGELOG.md', 'README.md', 'SECURITY.md', ...DOCS].filter((file) =>
  file.endsWith('.md'),
);

describe('the packed tarball', () => {
  let folder = '';
  let files: string[] = [];

  beforeAll(async () => {
    const unpacked = newFolder('unpacked');
    await run(unpacked, 'tar', '-xzf', TARBALL);
    folder = join(unpacked, 'package');
    const listed = await run(ROOT, 'tar', '-tzf', TARBALL);
    files = listed
      .trim()
      .split('\n')
      .map((file) => file.replace(/^package\//, ''));
  }, MINUTE);

  it(
    'passes publint',
    async () => {
      await expect(run(ROOT, 'npx', 'publint', '--strict', TARBALL)).resolves.toContain('good');
    },
    MINUTE,
  );

  it(
    'has types that every module resolution finds, for every entry point',
    async () => {
      const report = await run(ROOT, 'npx', 'attw', TARBALL, '--format', 'json');
      const { analysis } = JSON.parse(report) as {
        analysis: { entrypoints: Record<string, unknown>; problems: unknown[] };
      };
      expect(Object.keys(analysis.entrypoints).toSorted()).toEqual(DOORS.toSorted());
      expect(analysis.problems).toEqual([]);
    },
    MINUTE,
  );

  it('contains the documentation and two builds, and nothing else', () => {
    expect(files.filter((file) => !file.startsWith('dist/')).toSorted()).toEqual(
      [...DOCS, 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'].toSorted(),
    );
    const built = files.filter((file) => file.startsWith('dist/'));
    expect(built.filter((file) => !/^dist\/(?:esm|cjs)\/.+\.(?:js|d\.ts)$/.test(file))).toEqual([
      'dist/cjs/package.json',
    ]);
  });

  it('contains the same modules in both builds', () => {
    const inBuild = (build: string): string[] =>
      files.filter((file) => file.startsWith(build)).map((file) => file.slice(build.length));
    expect(inBuild('dist/esm/').toSorted()).toEqual(
      inBuild('dist/cjs/')
        .filter((file) => file !== 'package.json')
        .toSorted(),
    );
  });

  it('is smaller than 800 kB, of which 280 kB are pictures', () => {
    expect(statSync(TARBALL).size).toBeLessThan(800_000);
  });

  it.each(PAGES)('%s links only to packed files and their headings', (page) => {
    const text = (file: string): string => readFileSync(join(folder, file), 'utf8');
    // The links to tests in the table of features are for readers of the repository.
    const links = linksOf(text(page)).filter((target) => !target.startsWith('../test/'));
    const dead = links.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      return (
        !files.includes(file) || (anchor !== undefined && !anchorsOf(text(file)).includes(anchor))
      );
    });
    expect(dead).toEqual([]);
  });
});
