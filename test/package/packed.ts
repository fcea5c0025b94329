import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '../..');

const execute = promisify(execFile);

/** Runs a command to its end and returns its output; a failure shows the output too. */
export async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  try {
    return (await execute(command, args, { cwd: folder, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error([command, ...args, '\n', stdout, stderr].join(' '), { cause: error });
  }
}

/** Builds and packs the project, and returns the path of the tarball. */
export async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  const report = await run(ROOT, 'npm', 'pack', '--silent', '--pack-destination', folder);
  return join(folder, report.trim().split('\n').at(-1) ?? '');
}

/** Copies an application to a new folder and installs its dependencies and the packages there. */
export async function consumer(name: string, ...packages: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  cpSync(join(import.meta.dirname, name), folder, { recursive: true });
  await run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', ...packages);
  return folder;
}
