import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = readdirSync(join(ROOT, 'sample'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'dist')
  .map(({ name }) => name);
const SAMPLES = FOLDERS.filter((name) => /^\d/.test(name));

interface NestCli {
  compilerOptions: object;
  projects: Record<string, unknown>;
}

function textOf(...path: string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8');
}

describe('the samples', () => {
  it('are all known to the nest command, which compiles them with one configuration', () => {
    const { compilerOptions, projects } = JSON.parse(textOf('nest-cli.json')) as NestCli;
    expect(compilerOptions).toEqual({ tsConfigPath: 'sample/tsconfig.json' });
    expect(projects).toEqual(
      Object.fromEntries(
        SAMPLES.map((name) => [
          name,
          {
            type: 'application',
            root: `sample/${name}`,
            sourceRoot: `sample/${name}/src`,
            entryFile: `${name}/src/main`,
          },
        ]),
      ),
    );
  });

  it.each(SAMPLES)('include %s, which a test runs', (name) => {
    expect(textOf('test/samples', `${name}.spec.ts`)).toContain(`sample/${name}/`);
  });

  it.each(FOLDERS)('have no configuration in %s', (name) => {
    expect(existsSync(join(ROOT, 'sample', name, 'package.json'))).toBe(false);
    expect(existsSync(join(ROOT, 'sample', name, 'tsconfig.json'))).toBe(false);
  });
});
