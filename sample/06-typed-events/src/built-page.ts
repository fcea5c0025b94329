import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT = resolve('sample/dist/06-typed-events/page');

/** The page as `vite build` makes it. An application would do that before it starts, in its CI. */
export class BuiltPage {
  private constructor(private readonly files: ReadonlyMap<string, Buffer>) {}

  static async build(): Promise<BuiltPage> {
    const vite = resolve('node_modules/vite/bin/vite.js');
    const env = { ...process.env, NODE_ENV: 'production' };
    await run(process.execPath, [vite, 'build', 'sample/06-typed-events/page'], { env });
    const names = [
      'index.html',
      ...(await readdir(join(OUTPUT, 'assets'))).map((name) => `assets/${name}`),
    ];
    return new BuiltPage(new Map(names.map((name) => [name, readFileSync(join(OUTPUT, name))])));
  }

  /** `undefined` when the page has no such file. */
  file(name: string): Buffer | undefined {
    return this.files.get(name);
  }
}
