import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './packed.js';

/** What is read when the samples are built and started. */
const READ = [
  'lib',
  'sample',
  'package.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** An unbuilt copy of the project, in which no other test builds at the same time. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  readonly #programs: Program[] = [];

  constructor() {
    for (const name of READ)
      cpSync(join(ROOT, name), join(this.folder, name), { recursive: true, filter: isSource });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Starts a program in the folder, on any free port. */
  start(command: string, ...args: string[]): Program {
    const program = new Program(this.folder, command, args);
    this.#programs.push(program);
    return program;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.end('SIGKILL')));
    rmSync(this.folder, { recursive: true });
  }
}

/** A running program and its child processes, as in a separate terminal. */
export class Program {
  #output = '';
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #isRunning = true;

  /** @param env variables beside those of this process; without others, any port is taken */
  constructor(folder: string, command: string, args: string[], env: Record<string, string> = {}) {
    const { PUSHER_URL: _, ...environment } = process.env;
    this.#process = spawn(command, args, {
      cwd: folder,
      // A separate process group, since Ctrl-C reaches npm, nest and the application alike.
      detached: true,
      env: { ...environment, PORT: '0', ...env },
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => (this.#output += String(chunk)));
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#output += String(chunk)));
    this.#ended = once(this.#process, 'close').then(() => (this.#isRunning = false));
  }

  /** The first group of the pattern, as soon as it is printed. */
  async printed(pattern: RegExp): Promise<string> {
    while (this.#isRunning) {
      const [, found] = pattern.exec(this.#output) ?? [];
      if (found !== undefined) return found;
      await Promise.race([once(this.#process.stdout ?? this.#process, 'data'), this.#ended]);
    }
    throw new Error(`The program has ended:\n${this.#output}`);
  }

  /** Signals the whole group, as a terminal does. Resolves to the milliseconds until all ended. */
  async end(signal: NodeJS.Signals): Promise<number> {
    const at = performance.now();
    const { pid } = this.#process;
    if (pid !== undefined && this.#isRunning) process.kill(-pid, signal);
    await this.#ended;
    return performance.now() - at;
  }
}

function isSource(path: string): boolean {
  return !/[\\/](?:dist|node_modules)$/.test(path);
}
