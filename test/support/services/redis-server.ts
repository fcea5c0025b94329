import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';

/** A Redis server of its own, on a Unix socket. Ended at the end of `await using`. */
export class RedisServer implements AsyncDisposable {
  private constructor(
    readonly socketPath: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'redis-'));
    const socketPath = join(folder, 'socket');
    const settings = ['--port', '0', '--unixsocket', socketPath, '--save', '', '--dir', folder];
    const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
    const isReady = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error('redis-server has ended')));
      createInterface(child.stdout).on('line', (line) => {
        if (line.includes('Ready to accept connections') || line.includes('ready to accept'))
          resolve();
      });
    });
    await isReady;
    return new RedisServer(socketPath, folder, child);
  }

  /** A connected client, for the test itself. */
  async client(): Promise<Redis> {
    const client = new Redis(this.socketPath, { lazyConnect: true });
    await client.connect();
    return client;
  }

  /** Stops responding, as a server whose host has lost its network. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  /** Responds again. */
  thaw(): void {
    this.child.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}
