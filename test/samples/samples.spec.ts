import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const SAMPLES = readdirSync(join(ROOT, 'sample'));

interface NestCli {
  projects: Record<string, unknown>;
}

function textOf(...path: string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8');
}

describe('the samples', () => {
  it('are all known to the nest command', () => {
    const { projects } = JSON.parse(textOf('nest-cli.json')) as NestCli;
    expect(Object.keys(projects)).toEqual(SAMPLES);
    expect(projects).toEqual(
      Object.fromEntries(
        SAMPLES.map((name) => [
          name,
          {
            type: 'application',
            root: `sample/${name}`,
            sourceRoot: `sample/${name}/src`,
            entryFile: 'main',
            compilerOptions: { tsConfigPath: `sample/${name}/tsconfig.json` },
          },
        ]),
      ),
    );
  });

  it.each(SAMPLES)('%s is run by a test', (name) => {
    expect(textOf('test/samples', `${name}.spec.ts`)).toContain(`sample/${name}/`);
  });

  it.each(SAMPLES)('%s has no configuration of its own', (name) => {
    expect(existsSync(join(ROOT, 'sample', name, 'package.json'))).toBe(false);
    expect(textOf('sample', name, 'tsconfig.json')).toBe(
      textOf('sample/01-quick-start/tsconfig.json'),
    );
  });
});
