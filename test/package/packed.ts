import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '../..');

/** The packed project, made by `pack-once.mjs` before the tests. */
export const TARBALL = fromSetup('PACKAGE_TARBALL');

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

/** A new folder that is deleted after the tests. */
export function newFolder(name: string): string {
  return mkdtempSync(join(fromSetup('PACKAGE_FOLDER'), `${name}-`));
}

/** Copies an application of `apps/` to a new folder. */
export function application(name: string): string {
  const folder = newFolder(name);
  cpSync(join(import.meta.dirname, 'apps', name), folder, { recursive: true });
  return folder;
}

/** The same, with its dependencies and the packages installed. */
export async function consumer(name: string, ...packages: string[]): Promise<string> {
  const folder = application(name);
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  await run(folder, 'npm', 'install', ...options, ...packages);
  return folder;
}

/** Compiles, and returns a line for each error. */
export async function compilerErrors(folder: string, config = 'tsconfig.json'): Promise<string[]> {
  try {
    await run(folder, 'npx', 'tsc', '-p', config, '--pretty', 'false');
    return [];
  } catch (error) {
    const lines = error instanceof Error ? error.message.split('\n') : [String(error)];
    return lines.map((line) => line.trim()).filter((line) => line.includes('error TS'));
  }
}

function fromSetup(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run npm run test:package.`);
  return value;
}
