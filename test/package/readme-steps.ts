import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, TARBALL } from './packed.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The part of the README below a heading, as somebody follows it. */
export class ReadmeSection {
  readonly #text: string;

  constructor(heading: string) {
    const [, text] =
      new RegExp(`^## ${heading}\\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(README) ?? [];
    if (text === undefined) throw new Error(`The README has no section "${heading}".`);
    this.#text = text;
  }

  /** The command that begins with this word, with what comes before it. */
  command(word: string): string {
    const lines = this.#blocks('sh').flatMap((code) => code.trim().split('\n'));
    const command = lines.find((line) => line.includes(word));
    if (command === undefined) throw new Error(`The README has no command with "${word}".`);
    return command;
  }

  /** Code within a sentence that begins with these words. */
  inlineCode(start: string): string {
    const found = [...this.#text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
    const code = found.find((text) => text.startsWith(start));
    if (code === undefined) throw new Error(`The README has no code that begins with "${start}".`);
    return code;
  }

  /** Writes each block into the file that its first line names, unchanged. */
  pasteInto(folder: string): void {
    for (const code of [...this.#blocks('ts'), ...this.#blocks('html')]) {
      const [, file, atTheEnd] = /^(?:\/\/|<!--) (\S+?)(, at the end)?(?: -->)?\n/.exec(code) ?? [];
      if (file === undefined) throw new Error(`This block does not name its file:\n${code}`);
      (atTheEnd ? appendFileSync : writeFileSync)(join(folder, file), code);
    }
  }

  #blocks(language: string): string[] {
    const fenced = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
    return [...this.#text.matchAll(fenced)].map(([, code = '']) => code);
  }
}

/** The packages of the line that installs this one, with the tarball in place of the published package. */
export function packagesToInstall(tarball = TARBALL): string[] {
  const [, , ...packages] = new ReadmeSection('Install').command('npm install').split(' ');
  return packages.map((part) => (part === 'nestjs-pusher-channels' ? tarball : part));
}
