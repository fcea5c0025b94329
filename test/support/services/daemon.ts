import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const START_MS = 20_000;
const RETRY_MS = 20;

/** Where a daemon listens, and where its files are. */
export interface DaemonPlace {
  readonly port: number;
  readonly folder: string;
}

/** A program that listens on a free port, with a folder of its own for its files. */
export class Daemon implements AsyncDisposable {
  private constructor(
    readonly place: DaemonPlace,
    private readonly child: ChildProcess,
  ) {}

  /**
   * Starts it, and resolves when it accepts connections.
   * @param describe returns the command, and the files that it needs
   */
  static async start(
    describe: (place: DaemonPlace) => { command: string[]; files: Record<string, string> },
  ): Promise<Daemon> {
    const place = {
      port: await freePort(),
      folder: mkdtempSync(join(tmpdir(), 'pusher-service-')),
    };
    const { command, files } = describe(place);
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(place.folder, name), content);
    const [program = '', ...options] = command;
    const child = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => (output += String(chunk)));
    const daemon = new Daemon(place, child);
    await daemon.#accepts(() => output);
    return daemon;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = this.child.exitCode === null ? once(this.child, 'exit') : undefined;
    this.child.kill('SIGKILL');
    await exited;
    rmSync(this.place.folder, { recursive: true, force: true });
  }

  async #accepts(output: () => string): Promise<void> {
    const end = performance.now() + START_MS;
    while (!(await isAccepted(this.place.port))) {
      if (this.child.exitCode !== null || performance.now() > end)
        throw new Error(`${this.child.spawnfile} did not start: ${output()}`);
      await wait(RETRY_MS);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

function isAccepted(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
