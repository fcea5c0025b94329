import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where Debian keeps the programs of each version. They are not on the PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** How clients of all libraries connect: over a Unix socket, as the superuser of the cluster. */
export interface PostgresAddress {
  readonly host: string;
  readonly user: string;
  readonly database: string;
}

/** A PostgreSQL cluster of its own, on a Unix socket. Ended at the end of `await using`. */
export class PostgresServer implements AsyncDisposable {
  readonly address: PostgresAddress;

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    this.address = { host: folder, user: 'postgres', database: 'postgres' };
  }

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
    const account = unprivilegedAccount();
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
    const options = { ...account, cwd: folder } as const;
    const data = join(folder, 'data');
    const cluster = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    execFileSync(program('initdb'), cluster, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off'];
    const child = spawn(
      program('postgres'),
      ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
      { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await isReady(child);
    return new PostgresServer(folder, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.child, 'exit');
    // Ends the processes of all connections at once.
    this.child.kill('SIGQUIT');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

function program(name: string): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions.toSorted((one, other) => Number(other) - Number(one))[0];
  return newest === undefined ? name : join(DEBIAN, newest, 'bin', name);
}

/** PostgreSQL refuses to run as root; Debian's package makes an account for it. */
function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres']));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`postgres has ended:\n${lines.join('\n')}`)));
    if (child.stderr === null) return;
    createInterface(child.stderr).on('line', (line) => {
      lines.push(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
}
