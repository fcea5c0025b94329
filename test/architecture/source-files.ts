import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const LIB = join(ROOT, 'lib');

/** The files of `lib/`, as paths in there. */
export const FILES: readonly string[] = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .toSorted();

export interface Import {
  from: string;
  to: string;
}

export function textOf(file: string): string {
  return readFileSync(join(LIB, file), 'utf8');
}

/** What a file imports from other files of `lib/`, values and types alike. */
export function importsOf(file: string): Import[] {
  const found = textOf(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return Array.from(found, ([, specifier = '']) => ({
    from: file,
    to: relative(LIB, join(LIB, dirname(file), specifier.replace(/\.js$/, '.ts'))),
  }));
}

/** The names that a file declares and exports. */
export function exportsOf(file: string): string[] {
  const declared =
    /^export (?:abstract |async |declare )*(?:class|interface|type|function|const|enum) (\w+)/gm;
  return Array.from(textOf(file).matchAll(declared), ([, name = '']) => name);
}
