import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A block of TypeScript in the documentation. */
export interface CodeBlock {
  /** Page and heading, numbered where a heading has several: `docs-options-proxies-2`. */
  readonly name: string;
  /** The word after `ts`: `run` for whole programs, `fragment` for code that cannot be compiled. */
  readonly mark: string;
  readonly code: string;
}

const FENCED = /^```(.*)\n([\s\S]*?)^```$/gm;

/** Paths of the pages, from the root of the project. */
export function pagesOf(root: string): string[] {
  const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
  return ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...docs.map((file) => `docs/${file}`)];
}

/** The TypeScript of one page. */
export function codeBlocksOf(root: string, page: string): CodeBlock[] {
  const text = readFileSync(join(root, page), 'utf8');
  const seen = new Map<string, number>();
  return [...text.matchAll(FENCED)].flatMap(({ index, 1: info = '', 2: code = '' }) => {
    const [language, mark = ''] = info.split(' ');
    if (language !== 'ts') return [];
    const place = slug(`${page.replace(/\.md$/, '')} ${headingBefore(text, index)}`);
    const count = (seen.get(place) ?? 0) + 1;
    seen.set(place, count);
    return [{ name: count === 1 ? place : `${place}-${count}`, mark, code }];
  });
}

/** What a page links to, without addresses of other sites. */
export function linksOf(text: string): string[] {
  const links = withoutCode(text).matchAll(
    /\]\(([^)\s]+)|^\[[^\]]+\]:\s*(\S+)|(?:href|src)="([^"]+)"/gm,
  );
  return [...links]
    .map(([, inline, reference, html]) => inline ?? reference ?? html ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page, as GitHub makes them of its headings. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function withoutCode(text: string): string {
  return text.replace(FENCED, '');
}

function headingBefore(text: string, index: number): string {
  const headings = [...withoutCode(text.slice(0, index)).matchAll(/^#+ (.*)$/gm)];
  return headings.at(-1)?.[1] ?? '';
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
